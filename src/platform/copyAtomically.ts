import { randomUUID } from 'node:crypto';
import { copyFile, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flushFolder, TEMPORARY } from './writeAtomically.ts';
import { writingError } from './writingError.ts';

/**
 * Copies a file so that the copy appears whole or not at all, as `writeAtomically` writes one: a file that is there already stays as it is until
 * the copy takes its place.
 *
 * @throws DistilleryError `TRAINING` when the operating system refuses, with its reason
 */
export async function copyAtomically(from: string, to: string): Promise<void> {
  const temporary = `${to}.${randomUUID()}${TEMPORARY}`;
  try {
    await copyFile(from, temporary);
    const file = await open(temporary, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, to);
    await flushFolder(dirname(to));
  } catch (error) {
    // What keeps it from being written may keep it from being removed.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writingError(to, error);
  }
}
