import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writingError } from './writingError.ts';

/**
 * Makes a folder among the system's temporary ones; who asked for it removes it.
 *
 * @param purpose how its name begins, after `distillery-`
 * @throws DistilleryError `BAD_INPUT` naming the folder for temporary files when none can be made there
 */
export async function newTemporaryFolder(purpose: string): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), `distillery-${purpose}-`));
  } catch (error) {
    const variable = process.platform === 'win32' ? 'TEMP' : 'TMPDIR';
    throw writingError(tmpdir(), error, {
      code: 'BAD_INPUT',
      hint: `It is the folder for temporary files: have the environment variable ${variable} name one that can be written to.`,
    });
  }
}
