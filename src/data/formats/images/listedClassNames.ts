import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { listFolder } from '../../location.ts';
import type { Location } from '../../source.ts';

/** What lists of classes are called: `labels.csv`, `signnames.csv`, `class_names.txt`, `cat_to_name.json`. */
const LIST = /(?:label|class|name|categor)[^/]*\.(?:csv|tsv|txt|json)$/i;
const NUMBER = /^\d+$/;
const MOST_BYTES = 2 ** 20;
const MOST_LISTS = 20;
/** A number and a name, or a name and a number, of which the first line may say what they are. */
const [NUMBER_FIRST, NUMBER_LAST] = [
  /^"?(\d+)"?\s*[,;:\t ]\s*"?([^"]*[^"\s\d][^"]*?)"?$/,
  /^"?([^"]+?)"?\s*[,;\t]\s*"?(\d+)"?$/,
];

/** The names of numbered classes, and the file that lists them. */
export interface ListedClassNames {
  readonly file: string;
  /** By the numbers. */
  readonly names: ReadonlyMap<number, string>;
}

/**
 * The names that a list in one of the folders gives classes that are called by numbers; undefined where they are not, or none names them all.
 *
 * @param classes as the folders are called, with zeros in front or not
 */
export async function listedClassNames(
  folders: readonly string[],
  classes: readonly string[],
): Promise<ListedClassNames | undefined> {
  if (classes.length < 2 || !classes.every((name) => NUMBER.test(name))) return undefined;
  for (const folder of new Set(folders)) {
    const lists = (await listFolder(folder)).files.filter((name) => LIST.test(name));
    for (const file of lists.length > MOST_LISTS ? [] : lists) {
      const names = await namesIn(join(folder, file));
      const own = classes.map((name) => names.get(Number(name)));
      if (!own.includes(undefined) && new Set(own).size === classes.length) return { file, names };
    }
  }
  return undefined;
}

/** Whether a folder holds nothing but a list of classes and one folder of theirs, called by numbers. */
export async function hasListBeside({ folder, folders }: Pick<Location, 'folder' | 'folders'>): Promise<boolean> {
  const [only, second] = folders;
  if (only === undefined || second !== undefined) return false;
  return (await listedClassNames([folder], (await listFolder(join(folder, only))).folders)) !== undefined;
}

async function namesIn(path: string): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  if ((await stat(path)).size > MOST_BYTES) return names;
  const text = await readFile(path, 'utf8');
  if (/\.json$/i.test(path)) {
    const listed = z.record(z.string().regex(NUMBER), z.string()).safeParse(parsed(text)).data ?? {};
    for (const [number, name] of Object.entries(listed)) names.set(Number(number), name);
    return names;
  }
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [, number, name] = NUMBER_FIRST.exec(line.trim()) ?? [];
    const [, early, late] = NUMBER_LAST.exec(line.trim()) ?? [];
    if (number !== undefined && name !== undefined) names.set(Number(number), name);
    else if (early !== undefined && late !== undefined) names.set(Number(late), early);
  }
  return names;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
