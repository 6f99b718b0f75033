import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { throwIfCancelled } from '../cancellation.ts';
import type { UnpackingTarget } from './unpackingTarget.ts';

/**
 * Unpacks a tar archive, gzipped or not.
 *
 * @throws ArchiveDamage when it would fill the disk
 * @throws Error of the library when it is damaged
 */
export async function untar(
  path: string,
  isGzipped: boolean,
  target: UnpackingTarget,
  signal: AbortSignal | undefined,
): Promise<void> {
  // A bundled package of CommonJS has nothing but its default export.
  const { default: tar } = await import('tar-stream');
  const entries = tar.extract();
  const source = createReadStream(path);
  const feeding = isGzipped ? pipeline(source, createGunzip(), entries) : pipeline(source, entries);
  const reading = (async () => {
    for await (const entry of entries) {
      throwIfCancelled(signal);
      const { name, type, mtime } = entry.header;
      if (type === 'file' || type === 'contiguous-file') await target.write(name, mtime, () => Readable.from(entry));
      else {
        if (type !== 'directory') target.passedOver++;
        entry.resume();
      }
    }
  })();
  const [fed, read] = await Promise.allSettled([feeding, reading]);
  // What stopped the reading is the cause; that nothing more could be fed follows from it.
  if (read.status === 'rejected') throw read.reason;
  if (fed.status === 'rejected') throw fed.reason;
}
