import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Location } from '../../source.ts';
import type { NpyArray } from './npy.ts';

/** What arrays beside the samples and labels say of them. */
export interface NamesBeside {
  /** The classes, in the order of their numbers. */
  readonly classes: readonly string[] | undefined;
  /** The columns of the samples. */
  readonly features: readonly string[] | undefined;
}

const CLASSES =
  /^(?:(?:target|class|label|category|classes|labels|targets)_?names?|names_?of_?classes|classes|categories)$/;
const FEATURES = /^(?:(?:feature|feat|column|variable|attribute)s?_?names?|columns)$/;
/** Texts with a class in every line, as they lie beside arrays. */
const CLASS_FILE = /^(?:(?:class|label|target)(?:es|s)?[-_]?names?|classes|categories)\.txt$/i;
const MOST_CLASSES = 10_000;

/** Whether an array of texts of this name says what classes or columns are called. */
export function areNames(key: string): boolean {
  return CLASSES.test(key.toLowerCase()) || FEATURES.test(key.toLowerCase());
}

/** What arrays of texts among those that were read, or a text beside them, say of the others. */
export async function namesBeside(
  arrays: ReadonlyMap<string, NpyArray>,
  { folder, file, files }: Location,
): Promise<NamesBeside> {
  const texts = (pattern: RegExp): readonly string[] | undefined => {
    for (const [key, { values, words }] of arrays) {
      if (!words || !pattern.test(key)) continue;
      const names = Array.from(values, (place) => (words[place] ?? '').trim());
      if (names.length > 1 && new Set(names).size === names.length && !names.includes('')) return names;
    }
    return undefined;
  };
  const listed = file === undefined ? files.find((name) => CLASS_FILE.test(name)) : undefined;
  const classes = texts(CLASSES) ?? (listed === undefined ? undefined : await linesOf(join(folder, listed)));
  return { classes, features: texts(FEATURES) };
}

/** Lines that are all different; undefined where they are not, so that they name no classes. */
async function linesOf(path: string): Promise<readonly string[] | undefined> {
  const lines = (await readFile(path, 'utf8'))
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length > 1 && lines.length <= MOST_CLASSES && new Set(lines).size === lines.length ? lines : undefined;
}

/**
 * The names of whole numbers that are classes: those from 0 on, or from 1 on where none is 0 and the last is as many as there are names.
 *
 * @returns undefined where some number has no name
 */
export function namesOfNumbers(
  names: readonly string[] | undefined,
  labels: readonly ArrayLike<number>[],
): ReadonlyMap<number, string> | undefined {
  if (!names) return undefined;
  let [least, most] = [Infinity, -Infinity];
  for (const values of labels) {
    for (let at = 0; at < values.length; at++) {
      const value = values[at] ?? NaN;
      if (!Number.isInteger(value)) return undefined;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  const first = least >= 1 && most === names.length ? 1 : 0;
  if (least < first || most >= names.length + first) return undefined;
  return new Map(names.map((name, place) => [place + first, name]));
}
