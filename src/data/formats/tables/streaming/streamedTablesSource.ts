import type { DatasetOptions, OpenContext } from '../../../dataset.ts';
import { information, type Finding } from '../../../findings/finding.ts';
import type { Problem } from '../../../../errors.ts';
import { pathProblem, refuseIfAny } from '../../../findings/problems.ts';
import { memoryForRows, memoryForTables, memoryForWords } from '../../../memory.ts';
import type { ColumnCode } from '../../../preparation.ts';
import type { Source, UnfittedSource } from '../../../source.ts';
import { surveyTable } from '../../../survey/surveyTable.ts';
import { strataOf } from '../../../targets.ts';
import { checkColumns } from '../alignTable.ts';
import type { Column, Table } from '../column.ts';
import { dateFormOf } from '../times/dates.ts';
import { marksIn, toldMarks } from '../doubts/marksForMissing.ts';
import { personColumns, toldPersons } from '../doubts/repeatedPersons.ts';
import { toldUnseen } from '../doubts/unseenCategories.ts';
import { widthOf } from '../encodeColumns.ts';
import { readLabelledTables } from '../readLabelledTables.ts';
import { isMissing } from '../numbers/parseNumber.ts';
import type { TableReaders, TableStreams } from '../reading/tableReader.ts';
import { fitTargets, scaleTargets } from '../targets/tableTargets.ts';
import { ignored, missingValues, understandTable, type TablePlan } from '../understandTable.ts';
import { BlockSplit } from './blockSplit.ts';
import { fitBlocks } from './fitBlocks.ts';
import { bytesOfRow, gigabytes, RowFolder } from './rowBlocks.ts';
import { refuseEmpty, storeRows, type StoredTable } from './storeRows.ts';
import { featuresToStore, type StoredDates, type StoredFeature } from './storedFeature.ts';
import type { TableSize, TableStream } from './tableStream.ts';

type SplitName = keyof TableStreams;

/**
 * Tables whose columns would take more memory than they may. They are understood by a sample of their rows, the features of all rows are written to
 * a file in a temporary folder, and samples are read from there.
 *
 * @returns undefined where they fit, where they cannot be read piece by piece, or samples are texts or images
 * @throws BadInputError with everything that is wrong with the tables and with the experiment's choices
 */
export async function streamedTablesSource(
  readers: Pick<TableReaders, 'format' | 'folder' | 'streams'>,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource | undefined> {
  const { streams } = readers;
  const memory = context.memory ?? memoryForTables();
  const sizes = streams && (await foresee(streams, memory));
  const texts = context.memory ?? memoryForWords();
  if (!sizes || (sizes.bytes <= memory && sizes.fileBytes <= texts)) return undefined;
  const sampleOf =
    (stream: TableStream): TableReaders['training'] =>
    (storage) =>
      stream.sample(storage, memory / 4);
  const sampled: TableReaders = {
    ...readers,
    training: sampleOf(streams.training),
    validation: streams.validation && sampleOf(streams.validation),
    test: streams.test && sampleOf(streams.test),
  };
  const { training, validation, test, target, findings } = await readLabelledTables(
    sampled,
    options,
    context.teacher?.target,
  );
  if (training.images) return undefined;
  const plan = understandTable(training, { ...options, target, teacher: context.teacher }, findings);
  if (plan.content === 'texts') {
    refuseIfAny(sizes.fileBytes > texts ? [tooManyTexts(training.file, sizes.fileBytes, texts)] : []);
    return undefined;
  }
  if (sizes.bytes <= memory) return undefined;
  const used = [...plan.features, ...plan.targets.columns];
  for (const table of [validation, test]) if (table) checkColumns(table, training, used);
  const features = featuresToStore(plan.features, storedDatesOf(plan), new Set(Object.keys(options.columns ?? {})));
  const folder = await RowFolder.make(sizes.rows * bytesOfRow(features));
  try {
    const samples = { training, validation, test };
    const isDrawn = !validation && !test && options.split === undefined;
    const stored = await storeTables(streams, samples, { plan, isDrawn }, features, folder);
    return unfittedSource(readers.format, { plan, features, stored, samples, folder, memory }, options);
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

interface Samples {
  readonly training: Table;
  readonly validation: Table | undefined;
  readonly test: Table | undefined;
}

interface StoredTables {
  readonly training: StoredTable;
  readonly validation?: StoredTable;
  readonly test?: StoredTable;
}

interface Streamed {
  readonly plan: TablePlan;
  readonly features: readonly StoredFeature[];
  readonly stored: StoredTables;
  readonly samples: Samples;
  readonly folder: RowFolder;
  readonly memory: number;
}

async function foresee(streams: TableStreams, memory: number): Promise<Omit<TableSize, 'columns'>> {
  let [rows, bytes, fileBytes] = [0, 0, 0];
  for (const stream of [streams.training, streams.validation, streams.test]) {
    const size = await stream?.foresee(memory);
    rows += size?.rows ?? 0;
    bytes += size?.bytes ?? 0;
    fileBytes += size?.fileBytes ?? 0;
  }
  return { rows, bytes, fileBytes };
}

function tooManyTexts(file: string, bytes: number, most: number): Problem {
  return pathProblem(
    `The samples of ${file} are texts, which are held in memory, and its ${gigabytes(bytes)} are more than ${gigabytes(most)}.`,
    'Keep fewer rows in the file, leave columns out of it, or give the process more memory (node --max-old-space-size).',
  );
}

function storedDatesOf({ dates }: TablePlan): ReadonlyMap<Column, StoredDates> {
  return new Map(
    [...dates].flatMap(([column, parts]) => {
      const form = column.kind === 'words' ? dateFormOf(column.words.filter((word) => !isMissing(word))) : undefined;
      return form ? [[column, { form, parts }] as const] : [];
    }),
  );
}

async function storeTables(
  streams: TableStreams,
  samples: Samples,
  { plan, isDrawn }: { readonly plan: TablePlan; readonly isDrawn: boolean },
  features: readonly StoredFeature[],
  folder: RowFolder,
): Promise<StoredTables> {
  const store = async (name: SplitName): Promise<StoredTable | undefined> => {
    const [stream, sample] = [streams[name], samples[name]];
    if (!stream || !sample) return undefined;
    const persons = isDrawn ? personColumns(sample, plan.targets.columns) : [];
    const marks = marksIn(plan.features, samples.training.count);
    const places =
      name === 'training' ? { ...plan, persons, marks } : { group: undefined, time: undefined, persons: [], marks: [] };
    const stored = await storeRows({ stream, sample }, plan, features, folder.nextFile(), places);
    refuseEmpty(stored, sample.file);
    return stored;
  };
  const training = await store('training');
  if (!training) throw new TypeError('There is a training table.');
  const [validation, test] = [await store('validation'), await store('test')];
  return { training, ...(validation && { validation }), ...(test && { test }) };
}

function unfittedSource(format: string, streamed: Streamed, options: DatasetOptions): UnfittedSource {
  const { plan, stored, samples, folder } = streamed;
  const { training, validation, test } = stored;
  const dispose = async (): Promise<void> => {
    for (const table of [training, validation, test]) await table?.rows.close();
    await folder.remove();
  };
  return {
    format,
    count: training.rows.count,
    strata: strataOf(training.targets, training.rows.count),
    ...(training.groups && { groups: training.groups }),
    ...(training.order && { order: training.order }),
    brings: { validation: validation !== undefined, test: test !== undefined },
    fit: (rows) => fitted(format, streamed, rows, options.scaling === 'standard'),
    survey: () =>
      Promise.resolve({ table: surveyTable(samples.training, { ...plan, targets: plan.targets.columns }, options) }),
    dispose,
  };
}

async function fitted(format: string, streamed: Streamed, rows: Int32Array, scaled: boolean): Promise<Source> {
  const { plan, features, stored, memory } = streamed;
  const columns = await fitBlocks(stored.training.rows, features, rows, { scaled, isPlain: plan.isPlain });
  if (columns.length === 0) {
    refuseIfAny([
      { where: 'dataset.columns', message: 'No column is left to predict from.', hint: 'Say what a column is there.' },
    ]);
  }
  const scales = fitTargets(plan.targets, stored.training.targets, rows, scaled);
  const width = columns.reduce((sum, column) => sum + widthOf(column), 0);
  const splitOf = (table: StoredTable): BlockSplit =>
    new BlockSplit(
      { blocks: table.rows, features, codes: columns, memory: memoryForRows(memory) },
      scaleTargets(table.targets, scales),
      width,
    );
  const { training, validation, test } = stored;
  return {
    format,
    task: plan.targets.task,
    samples: { kind: 'values' },
    sampleShape: [width],
    training: splitOf(training),
    ...(validation && { validation: splitOf(validation) }),
    ...(test && { test: splitOf(test) }),
    preparation: { kind: 'table', columns, targets: scales },
    findings: [...findingsOf(streamed), ...unseenIn(stored, columns)],
  };
}

/** Rows with a category that the training split has not. */
function unseenIn({ training, validation, test }: StoredTables, codes: readonly ColumnCode[]): readonly Finding[] {
  const tables = [training, validation, test].filter((table) => table !== undefined);
  return codes.flatMap((code) =>
    toldUnseen(
      code,
      tables.flatMap(({ words }) => words.get(code.name) ?? []),
    ),
  );
}

function findingsOf({ plan, features, stored, samples }: Streamed): readonly Finding[] {
  const tables = [stored.training, stored.validation, stored.test].filter((table) => table !== undefined);
  const rows = tables.reduce((sum, table) => sum + table.rows.count, 0);
  const bytes = tables.reduce((sum, table) => sum + table.rows.bytes, 0);
  const { training } = samples;
  const missing = new Map<Column, number>(
    plan.features.map((column) => [column, stored.training.missing.get(column.name) ?? 0]),
  );
  return [
    information(
      'dataset.path',
      `The ${rows} rows do not fit into the memory that they may take; they are read from ${gigabytes(bytes)} in the temporary folder while training goes on, and mixed block by block. ` +
        `What columns are, and leaks, were judged by ${training.count} rows of ${training.file}: a random part, and those with words and whole numbers that no row before had.`,
    ),
    ...plan.findings,
    ...toldMarks(stored.training.marks, stored.training.rows.count),
    ...[...stored.training.persons].flatMap(([name, different]) =>
      toldPersons(name, different, stored.training.rows.count),
    ),
    ...missingValues(plan, missing, stored.training.rows.count),
    ...tables.flatMap((table) => table.findings),
    ...features
      .filter(({ isLeftOut }) => isLeftOut)
      .map(({ name, words }) => ignored(name, `has more than ${words.length} different words`)),
  ];
}
