import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BadInputError, messageOf } from '../errors.ts';
import { pathProblem } from './problems.ts';
import type { Location } from './source.ts';

/** Names of a folder's entries, sorted by code unit, without hidden ones; links count as what they point at. */
export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * Looks at what a path points at.
 *
 * @throws BadInputError when there is nothing, or it cannot be read
 */
export async function locate(path: string, baseDirectory: string): Promise<Location> {
  const absolute = resolve(baseDirectory, path);
  let isFolder: boolean;
  try {
    isFolder = (await stat(absolute)).isDirectory();
  } catch (error) {
    throw new BadInputError([unreadable(absolute, error)]);
  }
  const folder = isFolder ? absolute : dirname(absolute);
  return { folder, file: isFolder ? undefined : basename(absolute), ...(await listFolder(folder)) };
}

/** Lists a folder. @throws BadInputError when it cannot be read */
export async function listFolder(folder: string): Promise<Listing> {
  const files: string[] = [];
  const folders: string[] = [];
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const isFolder = entry.isSymbolicLink() ? await pointsAtFolder(join(folder, entry.name)) : entry.isDirectory();
      (isFolder ? folders : files).push(entry.name);
    }
  } catch (error) {
    throw new BadInputError([unreadable(folder, error)]);
  }
  return { files: files.sort(), folders: folders.sort() };
}

/** False for a link that leads nowhere or in a circle: it is met again, and named, when it is read as a file. */
async function pointsAtFolder(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory();
  } catch {
    return false;
  }
}

function unreadable(path: string, error: unknown) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return pathProblem(
      `There is nothing at ${path}.`,
      'Give a folder or file, relative to the experiment file or absolute, or builtin:digits.',
    );
  }
  return pathProblem(`${path} cannot be read: ${messageOf(error)}.`, 'Check the path and its permissions.');
}
