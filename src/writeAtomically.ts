import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** How the names of files end that are being written. */
export const TEMPORARY = '.tmp';

/**
 * Writes a file so that it appears whole or not at all: to a temporary file beside it, flushed to the disk, then renamed.
 * @param content in one piece, or in several that follow each other
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array | readonly Uint8Array[],
): Promise<void> {
  const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
  try {
    const file = await open(temporary, 'wx');
    try {
      const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
      // Each is written where the one before it ended.
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes the temporary files of a process that was killed while it wrote to a folder. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(TEMPORARY));
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
}
