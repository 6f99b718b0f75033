import { BadInputError } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { SPLIT_NAMES, type SplitName } from '../../splitNames.ts';
import { isPartition } from './partitions.ts';
import type { Configuration, DatasetCard } from './datasetCard.ts';

/** The files of the splits of one configuration, by their paths from the folder. */
export interface ChosenFiles {
  /** '' where there is only one. */
  readonly configuration: string;
  readonly splits: Readonly<Record<SplitName, readonly string[]>>;
  /** Files of no split that is used. */
  readonly others: readonly string[];
}

/** Fewer files of a folder are rather parts of a table. */
const LEAST_RECORDINGS = 5;
/** What makes [recordings, channels, length] of tables, cut off at the shortest, with the names of their folders. */
const RECORDINGS_TO_ARRAY =
  "python -c \"import glob, os, numpy as np, pandas as pd; f = sorted(glob.glob('*/*.csv')); a = [pd.read_csv(p).to_numpy('float32').T for p in f]; n = min(x.shape[1] for x in a); np.savez('recordings.npz', x=np.stack([x[:, :n] for x in a]), y=np.array([os.path.dirname(p) for p in f]))\"";

/** Whether each of several folders holds many tables of text. */
function areRecordings(files: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const file of files.filter((name) => /\.(?:csv|tsv)$/i.test(name))) {
    const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts.size > 1 && !counts.has('') && [...counts.values()].every((count) => count >= LEAST_RECORDINGS);
}

/**
 * Chooses which of the tables in a folder are the dataset: those of the configuration that a person says, else of the one that is the
 * default or the only one.
 *
 * @param files tables in the folder
 * @throws BadInputError when it is not clear which one is meant
 */
export function chooseConfiguration(
  folder: string,
  files: readonly string[],
  { configurations }: Pick<DatasetCard, 'configurations'>,
  wanted: string | undefined,
): ChosenFiles {
  const choices = configurations.length > 0 ? configurations : configurationsByFolder(files);
  const chosen =
    wanted === undefined
      ? (choices.find(({ isDefault }) => isDefault) ??
        choices.find(({ name }) => name === 'default') ??
        (choices.length === 1 ? choices[0] : undefined))
      : choices.find(({ name }) => name === wanted);
  if (!chosen) {
    const known = choices.map(({ name }) => name).slice(0, 20);
    throw new BadInputError([
      wanted === undefined
        ? pathProblem(
            `${folder} has several tables: ${known.join(', ')}.`,
            configurations.length === 0 && areRecordings(files)
              ? `Say in dataset.table which one is meant. Where each file is a recording and its folder the class, make an array of all: ${RECORDINGS_TO_ARRAY}.`
              : 'Say in dataset.table which one is meant.',
          )
        : { where: 'dataset.table', message: `${folder} has no '${wanted}'.`, hint: `It has ${known.join(', ')}.` },
    ]);
  }
  const splits: Record<SplitName, string[]> = { training: [], validation: [], test: [] };
  const others: string[] = [];
  for (const { split, patterns } of chosen.files) {
    const matched = files.filter((file) => patterns.some((pattern) => matches(file, pattern)));
    const name = splitOf([split]);
    (name ? splits[name] : others).push(...matched);
  }
  if (splits.training.length === 0) {
    throw new BadInputError([
      pathProblem(
        `${folder} has no files for the training split${chosen.name === '' ? '' : ` of '${chosen.name}'`}${others.length === 0 ? '' : `, but ${others.slice(0, 10).join(', ')}`}.`,
        'Call them train, such as data/train-00000-of-00001.parquet, or name one file.',
      ),
    ]);
  }
  return { configuration: choices.length > 1 ? chosen.name : '', splits, others };
}

/** Tables by the folder that they lie in, where that is called neither like a split nor `data`. */
function configurationsByFolder(files: readonly string[]): readonly Configuration[] {
  const found = new Map<string, string[]>();
  for (const file of files) {
    const folders = file.split('/').slice(0, -1);
    const name = folders
      .filter((each) => each.toLowerCase() !== 'data' && splitOf([each]) === undefined && !isPartition(each))
      .join('/');
    found.set(name, [...(found.get(name) ?? []), file]);
  }
  return [...found].map(([name, members]) => ({
    name,
    isDefault: false,
    files: members.map((file) => {
      const parts = file.split('/');
      const words = (parts.at(-1) ?? '').toLowerCase().split(/[-_. ]/);
      const named =
        splitOf(words) ??
        splitOf(
          parts
            .slice(0, -1)
            .map((each) => each.toLowerCase())
            .reverse(),
        );
      // A table by itself needs no name, nor does a part of one.
      const isWhole = members.length === 1 || parts.some(isPartition);
      return { split: named ?? (isWhole ? 'train' : file), patterns: [file] };
    }),
  }));
}

function splitOf(words: readonly string[]): SplitName | undefined {
  const names = Object.keys(SPLIT_NAMES) as SplitName[];
  for (const word of words) {
    const found = names.find((name) => (SPLIT_NAMES[name] as readonly string[]).includes(word.toLowerCase()));
    if (found) return found;
  }
  return undefined;
}

/** Whether a path fits a pattern: `*` within a folder, `**` over folders. */
function matches(path: string, pattern: string): boolean {
  const source = pattern
    .replace(/^\.\//, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (sign) =>
      sign === '**/' ? '(?:.*/)?' : sign === '**' ? '.*' : sign === '*' ? '[^/]*' : '[^/]',
    );
  return new RegExp(`^${source}$`).test(path);
}
