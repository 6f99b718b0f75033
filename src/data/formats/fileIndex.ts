import { readdir, realpath } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import { splitCalled, type SplitName } from './splitNames.ts';

/** Folders within the table's that files are looked for in, and how many of them. */
const DEEPEST = 3;
const MOST_FOLDERS = 1000;

/** The files of a kind in and below a folder, by their names with and without extension. */
export interface FileIndex {
  readonly count: number;
  /** Path of the file that is called so, from the folder on; of several the one in the folder of the split. */
  find(name: string): string | undefined;
}

/**
 * Looks for files in and below a folder, such as images. Links that lead out of it are not followed: a name in a table is to reach nothing else.
 *
 * @param isWanted whether a file of this name is of the kind
 * @param split whose folder is preferred where several are called alike
 */
export async function indexFiles(
  folder: string,
  isWanted: (name: string) => boolean,
  split: SplitName,
): Promise<FileIndex> {
  const paths = await filesIn(folder, isWanted);
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

async function filesIn(root: string, isWanted: (name: string) => boolean): Promise<readonly string[]> {
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
        if (target?.startsWith(`${home}${sep}`) === true && isWanted(entry.name)) paths.push(inside);
      } else if (entry.isDirectory()) {
        if (depth < DEEPEST) await look(inside, depth + 1);
      } else if (entry.isFile() && isWanted(entry.name)) paths.push(inside);
    }
  };
  await look('.', 0);
  return paths;
}
