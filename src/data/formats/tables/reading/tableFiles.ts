import { BadInputError } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { Location } from '../../../source.ts';
import { SPLIT_NAMES, splitWords, type SplitName } from '../../splitNames.ts';

/** Tables of competitions that say how answers are handed in. */
export const SUBMISSION = /submission/i;
/** Tables that hold nothing but what is to be predicted. */
const LABELS = /label|target|answer|solution/i;

/** Names of the files of the splits in a folder. */
export interface SplitFiles {
  readonly training: string;
  readonly validation: string | undefined;
  readonly test: string | undefined;
}

/** The same where a split may lie in several files, one after the other. */
export type SplitParts = Readonly<Record<SplitName, readonly string[]>>;

/**
 * The files of the splits: the file that was named; in a folder those whose names have the word train, validation or test in them, or
 * the only one there is.
 *
 * @param ending what names of this format end with
 * @throws BadInputError when it is not clear which file is the training split
 */
export function splitFiles({ folder, file, files, archive }: Location, ending: RegExp): SplitFiles {
  const byEnding = file === undefined ? filesByEnding(files) : undefined;
  if (byEnding && ending.test(byEnding.training)) return byEnding;
  if (file !== undefined) return { training: file, validation: undefined, test: undefined };
  const candidates = files.filter((name) => ending.test(name));
  const found = (split: SplitName): readonly string[] =>
    candidates.filter((name) => {
      const words = splitWords(name.replace(ending, ''));
      return SPLIT_NAMES[split].some((word) => words.includes(word));
    });
  const one = (split: SplitName): string | undefined => {
    const [first, second] = found(split);
    if (second === undefined) return first;
    throw new BadInputError([
      pathProblem(
        `${folder} has several files for the ${split} split: ${found(split).join(', ')}.`,
        wayOut(found(split), 'Name the one file that is meant, or keep one for each split.'),
      ),
    ]);
  };
  const training = one('training') ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (training === undefined) {
    throw new BadInputError([
      pathProblem(
        `${folder} has ${candidates.length} tables, and none is called train: ${candidates.slice(0, 10).join(', ')}.`,
        wayOut(
          candidates,
          archive === undefined
            ? 'Name one of the files, or call them train, validation and test.'
            : 'Say in dataset.table which one is meant, or call them train, validation and test.',
        ),
      ),
    ]);
  }
  return candidates.length === 1
    ? { training, validation: undefined, test: undefined }
    : { training, validation: one('validation'), test: one('test') };
}

/** Where one of two tables is called like labels, how they are joined; else what is usually done. */
function wayOut(names: readonly string[], usual: string): string {
  const labels = names.find((name) => LABELS.test(name));
  const [data, second] = names.filter((name) => name !== labels);
  if (labels === undefined || data === undefined || second !== undefined) return usual;
  return `Join the labels by the column of ids, in Python: pandas.read_csv('${data}').merge(pandas.read_csv('${labels}')).to_csv('joined.csv', index=False); then name joined.csv.`;
}

/** What names of files to train and to test with end with, as in the UCI archive: `sat.trn` and `sat.tst`. */
export const SPLIT_ENDING = /\.(?:data|tra|trn|train|training|tes|tst|test|testing|val|valid|dev)$/i;
const ENDINGS: Readonly<Record<SplitName, RegExp>> = {
  training: /\.(?:tra|trn|train|training|data)$/i,
  validation: /\.(?:val|valid|dev)$/i,
  test: /\.(?:tes|tst|test|testing)$/i,
};

/** The files of one name whose endings are splits; undefined where there is not one of each to train and to test with. */
export function filesByEnding(files: readonly string[]): SplitFiles | undefined {
  const [training, second] = files.filter((name) => ENDINGS.training.test(name));
  if (training === undefined || second !== undefined) return undefined;
  const stem = training.replace(ENDINGS.training, '');
  const of = (split: SplitName): string | undefined =>
    files.find((name) => ENDINGS[split].test(name) && name.replace(ENDINGS[split], '') === stem);
  const test = of('test');
  return test === undefined ? undefined : { training, validation: of('validation'), test };
}

/**
 * The files of a folder that are parts of one table, or of one for each split: called alike but for numbers, as `part-1.csv` and `part-2.csv` or
 * `train_2019.csv` and `train_2020.csv`.
 *
 * @param ending what names of this format end with
 * @returns undefined where there are none, or others beside them that are no split
 */
export function partsOfSplits({ file, files }: Location, ending: RegExp): SplitParts | undefined {
  if (file !== undefined) return undefined;
  const groups = new Map<string, string[]>();
  for (const name of files.filter((each) => ending.test(each) && !SUBMISSION.test(each))) {
    const stem = name.replace(/\d+/g, '#');
    groups.set(stem, [...(groups.get(stem) ?? []), name]);
  }
  if ([...groups.values()].every((names) => names.length === 1)) return undefined;
  const parts: Record<SplitName, readonly string[]> = { training: [], validation: [], test: [] };
  for (const [stem, names] of groups) {
    const words = splitWords(stem.replace(ending, ''));
    const called = (['training', 'validation', 'test'] as const).find((split) =>
      SPLIT_NAMES[split].some((word) => words.includes(word)),
    );
    const split = called ?? 'training';
    if (parts[split].length > 0) return undefined;
    parts[split] = names.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  }
  return parts.training.length === 0 ? undefined : parts;
}
