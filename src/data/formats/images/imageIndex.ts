import { readdir, realpath } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import { splitCalled, type SplitName } from '../splitNames.ts';
import { isImageName } from './decoding/decodeImage.ts';

/** Folders within the table's that images are looked for in, and how many of them. */
const DEEPEST = 3;
const MOST_FOLDERS = 1000;

/** The images in and below a folder, by their names with and without extension. */
export interface ImageIndex {
  readonly count: number;
  /** Path of the image that is called so, from the folder on; of several the one in the folder of the split. */
  find(name: string): string | undefined;
}

/**
 * Looks for images in and below a folder. Links that lead out of it are not followed: a name in a table is to reach nothing else.
 *
 * @param split whose folder is preferred where several images are called alike
 */
export async function indexImages(folder: string, split: SplitName): Promise<ImageIndex> {
  const paths = await imagesIn(folder);
  const found = new Map<string, string>();
  const isOfSplit = (path: string): boolean => splitCalled(path.split(sep)[0] ?? '') === split;
  // What comes later replaces what came before.
  for (const path of [
    ...paths.filter((each) => !isOfSplit(each)).toReversed(),
    ...paths.filter(isOfSplit).toReversed(),
  ]) {
    const name = basename(path);
    found.set(name, path).set(name.slice(0, name.length - extname(name).length), path);
  }
  return { count: paths.length, find: (name) => found.get(name) };
}

async function imagesIn(root: string): Promise<readonly string[]> {
  const home = await realpath(root);
  const paths: string[] = [];
  let visited = 0;
  const look = async (path: string, depth: number): Promise<void> => {
    if (visited++ >= MOST_FOLDERS) return;
    const entries = await readdir(join(root, path), { withFileTypes: true });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name === '__MACOSX') continue;
      const inside = join(path, entry.name);
      if (entry.isSymbolicLink()) {
        const target = await realpath(join(root, inside)).catch(() => undefined);
        if (target?.startsWith(`${home}${sep}`) === true && isImageName(entry.name)) paths.push(inside);
      } else if (entry.isDirectory()) {
        if (depth < DEEPEST) await look(inside, depth + 1);
      } else if (entry.isFile() && isImageName(entry.name)) paths.push(inside);
    }
  };
  await look('.', 0);
  return paths;
}
