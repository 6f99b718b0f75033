import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where the process that trains into `runFolder` listens: a named pipe on Windows, a Unix socket elsewhere.
 *
 * It follows from the run folder alone, so that a reloaded window finds a run which an earlier one started. The socket
 * is not inside of the run folder because socket paths are limited to about 100 bytes.
 */
export function controlEndpoint(runFolder: string, platform: NodeJS.Platform = process.platform): string {
  const name = `distillery-${createHash('sha256').update(resolve(runFolder)).digest('hex').slice(0, 24)}`;
  return platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}
