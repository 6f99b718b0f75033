import { readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { information, type Finding } from '../findings/finding.ts';
import { listFolder } from '../location.ts';
import { SPLIT_NAMES, type SplitName } from './splitNames.ts';

/** Which files belong to which split, as lists beside them say. */
export interface SplitLists {
  /** The split of a file by its path; undefined for one that is in none. */
  readonly splitOf: (path: string) => SplitName | undefined;
  readonly findings: readonly Finding[];
}

/** A list of files, one in every line. */
const LIST = /\.(?:txt|lst|list)$/i;
/** Words beside that of the split: `testing_list`, `train_files`. */
const BESIDE = new Set(['list', 'lists', 'files', 'file', 'split', 'images', 'image', 'img', 'ids', 'names', 'set']);
const MOST_BYTES = 2 ** 26;
/** Share of the lines that have to name a file. */
const MOST_KNOWN = 0.9;

/**
 * Looks for lists that say which files are in which split, such as `train.txt` and `test.txt`: in the folders given and in those of them that hold none of the
 * files, as `meta` and `annotations` do. Files that no list names are to train with, unless there is a list of those.
 *
 * @param paths of the files, with their classes' folders
 * @returns undefined where there are no such lists
 * @throws BadInputError when a folder cannot be read
 */
export async function splitLists(
  folders: readonly string[],
  paths: readonly string[],
): Promise<SplitLists | undefined> {
  const index = indexOf(paths);
  const splits = new Map<string, SplitName>();
  const told: string[] = [];
  const found = new Set<SplitName>();
  const look = async (folder: string, depth: number): Promise<void> => {
    const inside = await listFolder(folder);
    for (const name of inside.files) {
      const split = LIST.test(name) ? splitOfList(name) : undefined;
      if (split === undefined) continue;
      const named = await pathsNamed(join(folder, name), index);
      if (named === undefined) continue;
      for (const path of named) if (!splits.has(path)) splits.set(path, split);
      found.add(split);
      told.push(`${basename(folder)}/${name} (${named.length})`);
    }
    if (depth === 0) return;
    for (const name of inside.folders) {
      const below = await listFolder(join(folder, name));
      if (below.files.some((file) => LIST.test(file) && splitOfList(file) !== undefined))
        await look(join(folder, name), depth - 1);
    }
  };
  for (const folder of new Set(folders)) await look(folder, 1);
  if (told.length === 0 || (found.size === 1 && found.has('training'))) return undefined;
  const rest = found.has('training') ? undefined : 'training';
  const unlisted = paths.filter((path) => !splits.has(path)).length;
  const unused = rest === undefined && unlisted > 0 ? ` ${unlisted} files are in none of them and not used.` : '';
  const message = `The splits are those that lists beside the files name: ${told.join(', ')}.${rest ? ' All others are to train with.' : unused}`;
  return { splitOf: (path) => splits.get(path) ?? rest, findings: [information('dataset.path', message)] };
}

/** The split that a list is called like: `testing_list.txt`, `trainval.txt`, `train_val_list.txt`. */
function splitOfList(file: string): SplitName | undefined {
  const words = file
    .slice(0, -extname(file).length)
    .toLowerCase()
    .replace(/^trainval/, 'train')
    .split(/[-_. ]+/)
    .filter((word) => word !== '' && !BESIDE.has(word));
  const kinds = words.map((word) =>
    (['training', 'validation', 'test'] as const).find((split) =>
      (SPLIT_NAMES[split] as readonly string[]).includes(word),
    ),
  );
  if (kinds.length === 0 || kinds.includes(undefined)) return undefined;
  return kinds.includes('training') ? 'training' : kinds[0];
}

/** Paths by what lists may call them: the end of the path, with its ending or without. */
function indexOf(paths: readonly string[]): ReadonlyMap<string, string | undefined> {
  const index = new Map<string, string | undefined>();
  for (const path of paths) {
    const parts = path.split(/[\\/]/);
    const names = [1, 2, 3].filter((count) => count <= parts.length).map((count) => parts.slice(-count).join('/'));
    for (const name of new Set(names.flatMap((each) => [each, each.slice(0, each.length - extname(each).length)]))) {
      // What several are called tells none of them.
      index.set(name, index.has(name) ? undefined : path);
    }
  }
  return index;
}

/** The files that the lines of a list name; undefined where most name none. */
async function pathsNamed(
  list: string,
  index: ReadonlyMap<string, string | undefined>,
): Promise<readonly string[] | undefined> {
  if ((await stat(list)).size > MOST_BYTES) return undefined;
  const lines = (await readFile(list, 'utf8'))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const named = lines.flatMap((line) => pathNamed(line.trim(), index) ?? []);
  return named.length > 0 && named.length >= MOST_KNOWN * lines.length ? named : undefined;
}

/** A line is a path, or begins with one. */
function pathNamed(line: string, index: ReadonlyMap<string, string | undefined>): string | undefined {
  for (const name of [line, line.split(/[\s,;]/)[0] ?? '']) {
    const parts = name.split(/[\\/]/);
    for (const count of [3, 2, 1]) {
      const path = count <= parts.length || count === 1 ? index.get(parts.slice(-count).join('/')) : undefined;
      if (path !== undefined) return path;
    }
  }
  return undefined;
}
