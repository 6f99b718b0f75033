import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCodeOf } from '../errors.ts';
import { writingError } from './writingError.ts';

/** How the names of files end that are being written. */
export const TEMPORARY = '.tmp';

/**
 * Writes a file so that it appears whole or not at all, and is there when this returns whatever happens to the machine: to a
 * temporary file beside it, flushed to the disk, then renamed, and the folder flushed.
 *
 * @param content in one piece, or in several that follow each other
 * @throws DistilleryError `TRAINING` when the operating system refuses, with its reason
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
    await flushFolder(dirname(path));
  } catch (error) {
    // What keeps it from being written may keep it from being removed.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writingError(path, error);
  }
}

/** Makes the names of a folder's files as they are now outlive a loss of power. */
export async function flushFolder(folder: string): Promise<void> {
  // Windows opens no folders; its file systems write names in order.
  if (process.platform === 'win32') return;
  const opened = await open(folder, 'r');
  try {
    await opened.sync();
  } catch (error) {
    // Some file systems of networks cannot flush a folder.
    const code = systemCodeOf(error);
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error;
  } finally {
    await opened.close();
  }
}

/** What the names of temporary files have behind the name of the file itself; a person's files may end like them, too. */
const UNFINISHED = /\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

/** Removes the temporary files of a process that was killed while it wrote to a folder. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => UNFINISHED.test(name));
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
}
