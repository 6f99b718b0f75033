import { extname, join } from 'node:path';
import { BadInputError } from '../../../../errors.ts';
import { information } from '../../../findings/finding.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { DatasetOptions, OpenContext } from '../../../dataset.ts';
import { withFindings } from '../../../findings/withFindings.ts';
import type { Location, UnfittedSource } from '../../../source.ts';
import { SPLIT_NAMES, type SplitName } from '../../splitNames.ts';
import type { Storage, Table } from '../column.ts';
import { readOpeningLines } from '../reading/openingLines.ts';
import { readDelimited } from '../reading/readDelimited.ts';
import type { TableReader } from '../reading/tableReader.ts';
import { classOf } from '../targets/chooseTargets.ts';
import { tablesSource } from '../tablesSource.ts';

/** `X_train.csv`, `y_test.csv`: what is predicted from, and what is predicted, in files of their own. */
const PAIRED = /^(x|y)(?:[_ -]?([a-z]+))?\.(?:csv|tsv|tab)$/i;
/** What a column is called that has no name in a file of targets. */
const UNNAMED_TARGET = 'y';

/** What the column of whose samples they are is called. */
const GROUP = 'subject';

/** The two files of a split. */
export interface Pair {
  readonly samples: string;
  readonly targets: string;
  /** A file that says, row by row, whose samples they are. */
  readonly groups?: string | undefined;
}

/** The files of the splits, with what columns and classes are called, by their numbers. */
export type Pairs = Readonly<Partial<Record<SplitName, Pair>>> & {
  readonly training: Pair;
  readonly columnNames?: ReadonlyMap<string, string>;
  readonly classNames?: ReadonlyMap<string, string>;
};

/** The files of a folder where all tables of it are such pairs, those of the training split at least; undefined elsewhere. */
export function pairedFiles({ file, files }: Location): Pairs | undefined {
  if (file !== undefined) return undefined;
  const found = new Map<string, { x?: string; y?: string }>();
  for (const name of files) {
    const [, side = '', split = ''] = PAIRED.exec(name) ?? [];
    if (side === '') {
      if (/\.(?:csv|tsv|tab)$/i.test(name)) return undefined;
      continue;
    }
    const pair = found.get(split.toLowerCase()) ?? {};
    found.set(split.toLowerCase(), { ...pair, [side.toLowerCase()]: name });
  }
  const pairOf = (names: readonly string[]): Pair | undefined => {
    const pair = names.map((name) => found.get(name)).find((each) => each !== undefined);
    return pair?.x !== undefined && pair.y !== undefined ? { samples: pair.x, targets: pair.y } : undefined;
  };
  const training = pairOf([...SPLIT_NAMES.training, '']);
  if (!training) return undefined;
  const [validation, test] = [pairOf(SPLIT_NAMES.validation), pairOf(SPLIT_NAMES.test)];
  return { training, ...(validation && { validation }), ...(test && { test }) };
}

/** Opens files of samples and of targets, the rows of which belong together. */
export async function openPairs(
  folder: string,
  pairs: Pairs,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const target =
    options.target ??
    (await targetNames(join(folder, pairs.training.targets), pairs.training.targets, context.encoding));
  const isGrouped =
    pairs.training.groups !== undefined && (options.split === undefined || options.split.group === GROUP);
  const readerOf =
    ({ samples, targets, groups }: Pair): TableReader =>
    async (storage) => {
      const read = (name: string, kept: ReadonlyMap<string, Storage>): Promise<Table> =>
        readDelimited(join(folder, name), { storage: kept, signal: context.signal, encoding: context.encoding });
      const own = withNames(await read(samples, unnamedStorage(storage, pairs.columnNames)), pairs.columnNames);
      const labels = withClasses(await read(targets, targetStorage(storage)), pairs.classNames);
      const both = joined(own, labels);
      if (groups === undefined || !isGrouped) return both;
      const [whose] = (await read(groups, new Map())).columns;
      return whose ? { ...both, columns: [...both.columns, { ...whose, name: GROUP }] } : both;
    };
  const source = await tablesSource(
    {
      folder,
      format: extname(pairs.training.samples).slice(1).toUpperCase(),
      training: readerOf(pairs.training),
      ...(pairs.validation && { validation: readerOf(pairs.validation) }),
      ...(pairs.test && { test: readerOf(pairs.test) }),
    },
    context,
    { ...options, target, ...(isGrouped && { split: { group: GROUP } }) },
  );
  const { samples, targets } = pairs.training;
  const message = `The rows of ${samples} belong to those of ${targets}, which are predicted.`;
  const together = isGrouped ? ` Samples of one ${GROUP} (${pairs.training.groups ?? ''}) stay in one split.` : '';
  return withFindings(source, [information('dataset.path', message + together)]);
}

async function targetNames(path: string, name: string, encoding: string | undefined): Promise<readonly string[]> {
  const { names, unnamed, header } = await readOpeningLines(path, name, { encoding });
  if (!header) return [UNNAMED_TARGET];
  const named = names.filter((_, column) => !unnamed.has(column) && !/^unnamed/i.test(names[column] ?? ''));
  return named.length > 0 ? named : names;
}

/** Columns without names, called as a file beside them says. */
function withNames(table: Table, names: ReadonlyMap<string, string> | undefined): Table {
  if (names?.size !== table.columns.length) return table;
  const used = new Set<string>();
  const columns = table.columns.map((column, place) => {
    const own = names.get(String(place + 1)) ?? column.name;
    const name = used.has(own) ? `${own} (${place + 1})` : own;
    used.add(name);
    return { ...column, name };
  });
  return { ...table, columns, notes: [] };
}

/** How columns are kept that are called as a file beside them says. */
function unnamedStorage(
  storage: ReadonlyMap<string, Storage>,
  names: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, Storage> {
  if (!names) return storage;
  return new Map(
    [...names].flatMap(([number, name]) => {
      const kind = storage.get(name);
      return kind === undefined ? [] : [[`column ${number}`, kind] as const];
    }),
  );
}

/** Classes that are numbers, called as a file beside them says. */
function withClasses(table: Table, names: ReadonlyMap<string, string> | undefined): Table {
  const [only, second] = table.columns;
  if (!names || !only || second) return table;
  const numbers = [...names.keys()];
  const codes = Int32Array.from({ length: table.count }, (_, row) => numbers.indexOf(classOf(only, row)));
  if (codes.includes(-1)) return table;
  return { ...table, columns: [{ kind: 'words', name: only.name, words: [...names.values()], codes }], notes: [] };
}

/** How the file of targets is kept: a column without a name is called otherwise there. */
function targetStorage(storage: ReadonlyMap<string, Storage>): ReadonlyMap<string, Storage> {
  const kind = storage.get(UNNAMED_TARGET);
  return kind === undefined ? storage : new Map([...storage, ['column 1', kind]]);
}

/** @throws BadInputError when there are more rows of one than of the other */
function joined(samples: Table, targets: Table): Table {
  if (samples.count !== targets.count) {
    throw new BadInputError([
      pathProblem(
        `${samples.file} has ${samples.count} rows, but ${targets.file} has ${targets.count}.`,
        'Row by row, what is predicted stands beside what it is predicted from.',
      ),
    ]);
  }
  const own = targets.columns.map((column) =>
    targets.columns.length === 1 && column.name === 'column 1' ? { ...column, name: UNNAMED_TARGET } : column,
  );
  // An index that both have is the samples'.
  const others = own.filter(({ name }) => !samples.columns.some((column) => column.name === name));
  return {
    ...samples,
    columns: [...samples.columns, ...others],
    remarks: [...samples.remarks, ...targets.remarks],
    notes: [...(samples.notes ?? []), ...(targets.notes ?? [])],
  };
}
