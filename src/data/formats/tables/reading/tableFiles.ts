import { BadInputError } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { Location } from '../../../source.ts';
import { SPLIT_NAMES, type SplitName } from '../../splitNames.ts';

/** Names of the files of the splits in a folder. */
export interface SplitFiles {
  readonly training: string;
  readonly validation: string | undefined;
  readonly test: string | undefined;
}

/**
 * The files of the splits: the file that was named; in a folder those whose names have the word train, validation or test in them, or
 * the only one there is.
 *
 * @param ending what names of this format end with
 * @throws BadInputError when it is not clear which file is the training split
 */
export function splitFiles({ folder, file, files, archive }: Location, ending: RegExp): SplitFiles {
  if (file !== undefined) return { training: file, validation: undefined, test: undefined };
  const candidates = files.filter((name) => ending.test(name));
  const found = (split: SplitName): readonly string[] =>
    candidates.filter((name) => {
      const words = name
        .replace(ending, '')
        .toLowerCase()
        .split(/[-_. ]/);
      return SPLIT_NAMES[split].some((word) => words.includes(word));
    });
  const one = (split: SplitName): string | undefined => {
    const [first, second] = found(split);
    if (second === undefined) return first;
    throw new BadInputError([
      pathProblem(
        `${folder} has several files for the ${split} split: ${found(split).join(', ')}.`,
        'Name the one file that is meant, or keep one for each split.',
      ),
    ]);
  };
  const training = one('training') ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (training === undefined) {
    throw new BadInputError([
      pathProblem(
        `${folder} has ${candidates.length} tables, and none is called train: ${candidates.slice(0, 10).join(', ')}.`,
        archive === undefined
          ? 'Name one of the files, or call them train, validation and test.'
          : 'Say in dataset.table which one is meant, or call them train, validation and test.',
      ),
    ]);
  }
  return candidates.length === 1
    ? { training, validation: undefined, test: undefined }
    : { training, validation: one('validation'), test: one('test') };
}
