import { join } from 'node:path';
import { folderOfSplit, splitCalled } from '../formats/splitNames.ts';
import { listFolder } from '../location.ts';

/**
 * The paths of files in and below a folder, relative to it, in the order of their names. Where it has folders for the splits, only
 * those of the training split: nothing that a student is judged by is to be learned.
 *
 * @throws BadInputError when a folder cannot be read
 */
export async function filesBelow(folder: string, isWanted: (name: string) => boolean): Promise<readonly string[]> {
  const { folders } = await listFolder(folder);
  const training = folderOfSplit(folders, 'training');
  const hasSplits =
    training !== undefined && folders.some((name) => ['validation', 'test'].includes(splitCalled(name) ?? ''));
  return walk(folder, hasSplits ? training : '.', isWanted);
}

async function walk(root: string, path: string, isWanted: (name: string) => boolean): Promise<readonly string[]> {
  const { files, folders } = await listFolder(join(root, path));
  const found = files.filter(isWanted).map((name) => join(path, name));
  // A folder may hold more files than a call takes arguments.
  for (const name of folders) for (const file of await walk(root, join(path, name), isWanted)) found.push(file);
  return found;
}
