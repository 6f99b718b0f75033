import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '../errors.ts';

/** Makes version control pass over a folder, unless somebody has decided that already: what is in it is large and made again at will. */
export async function keepOutOfGit(folder: string): Promise<void> {
  const path = join(folder, '.gitignore');
  try {
    await writeFile(path, '*\n', { flag: 'wx' });
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return;
    // On a full disk an empty file is left, which would be taken for somebody's decision.
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}
