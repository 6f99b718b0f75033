import { open } from 'node:fs/promises';
import { writingError } from './writingError.ts';

/**
 * Writes a file over itself, for a disk that has no room for a second one. Interrupted, it leaves a file that is damaged: where
 * there is room, `writeAtomically` is right.
 */
export async function overwrite(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'r+');
    try {
      const bytes = Buffer.from(text);
      await file.write(bytes, 0, bytes.length, 0);
      await file.truncate(bytes.length);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw writingError(path, error);
  }
}
