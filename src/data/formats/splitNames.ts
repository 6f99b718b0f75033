import { join } from 'node:path';
import { listFolder } from '../location.ts';

/** What people call the splits of a dataset. */
export const SPLIT_NAMES = {
  training: ['train', 'training', 'trn'],
  validation: ['val', 'valid', 'validation', 'validate', 'dev', 'devel', 'eval'],
  test: ['test', 'testing', 'tst', 'holdout'],
} as const;

export type SplitName = keyof typeof SPLIT_NAMES;

/** Files that show what a dataset is made of. */
const ENOUGH_FILES = 1000;

/** Words beside that of the split, as in `seg_train` or `test images`, and years. */
const BESIDE = new Set(['set', 'data', 'dataset', 'images', 'image', 'imgs', 'img', 'seg', 'split', 'files', 'folder']);
const JOINED = /^(.+?)(?:set|data|images|\d{1,4})$/;

/** The split that a folder is called like, in any case and with such words beside it: `Train`, `seg_train`, `val2017`, `TestSet`. */
export function splitCalled(folder: string): SplitName | undefined {
  const words = folder
    .toLowerCase()
    .split(/[-_. ]+/)
    .filter((word) => word !== '' && !BESIDE.has(word));
  const [word = '', ...others] = words;
  if (others.length > 0) return undefined;
  const names = [word, JOINED.exec(word)?.[1] ?? word];
  return (['training', 'validation', 'test'] as const).find((split) =>
    names.some((name) => (SPLIT_NAMES[split] as readonly string[]).includes(name)),
  );
}

/** The folder that is called like a split, the plainest name first; undefined where none is. */
export function folderOfSplit(folders: readonly string[], split: SplitName): string | undefined {
  const plain = folders.find((name) => (SPLIT_NAMES[split] as readonly string[]).includes(name.toLowerCase()));
  return plain ?? folders.find((name) => splitCalled(name) === split) ?? folderOfPair(folders, split);
}

/** Of folders whose names differ in nothing but the split (`news-by-date-train`, `news-by-date-test`) the one of that split. */
function folderOfPair(folders: readonly string[], split: SplitName): string | undefined {
  const called = folders.flatMap((folder) => {
    const words = splitWords(folder);
    const at = words.findIndex((word) => splitOfWord(word) !== undefined);
    const found = splitOfWord(words[at] ?? '');
    return found === undefined ? [] : [{ folder, found, others: words.with(at, '').join(' ') }];
  });
  const training = called.find(
    ({ found, others }) =>
      found === 'training' && called.some((other) => other.found === 'test' && other.others === others),
  );
  return training && called.find(({ found, others }) => found === split && others === training.others)?.folder;
}

/** The words of a name, in small letters: `KDDTrain+` is `kdd` and `train`. */
export function splitWords(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[-_. +()]+/)
    .filter((word) => word !== '');
}

function splitOfWord(word: string): SplitName | undefined {
  return (['training', 'validation', 'test'] as const).find((split) =>
    (SPLIT_NAMES[split] as readonly string[]).includes(word),
  );
}

/**
 * Whether there are more files of one kind than of others in the folders, or in the folders inside of them.
 * @param kindOf of a file by its name; undefined for one that tells nothing
 */
export async function isMostlyOf(
  folder: string,
  folders: readonly string[],
  kindOf: (name: string) => 'wanted' | 'other' | undefined,
): Promise<boolean> {
  const seen = { wanted: 0, other: 0 };
  const look = async (path: string, depth: number): Promise<void> => {
    const inside = await listFolder(path);
    for (const name of inside.files) {
      const kind = kindOf(name);
      if (kind) seen[kind]++;
    }
    if (depth > 0) for (const name of inside.folders) await look(join(path, name), depth - 1);
  };
  for (const name of folders) {
    await look(join(folder, name), 1);
    // What is common among the first is so among all.
    if (seen.wanted + seen.other > ENOUGH_FILES) break;
  }
  return seen.wanted > seen.other;
}
