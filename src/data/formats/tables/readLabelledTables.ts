import { BadInputError } from '../../../errors.ts';
import type { DatasetOptions } from '../../dataset.ts';
import { information, warning, type Finding } from '../../findings/finding.ts';
import { allOrProblems, pathProblem } from '../../findings/problems.ts';
import type { NumberColumn, Storage, Table } from './column.ts';
import { areCompactDates } from './times/dates.ts';
import { withoutHuge } from './hugeValues.ts';
import { withImages } from './images/imagesOfRows.ts';
import { readLike } from './readLike.ts';
import { labelledSplit, leaveOutUnlabelled, targetNames, type LabelledTables } from './labelledRows.ts';
import { splitByColumn } from './splitColumn.ts';
import type { TableReader, TableReaders } from './reading/tableReader.ts';
import { storageFor } from './understandTable.ts';
import { labelsOfCells, spreadLabels } from './targets/labelsOfCells.ts';
import { submissionIn, toldLacked } from './targets/lackedTargets.ts';
import { targetRank } from './targets/usualTargets.ts';

/**
 * Reads the tables of the splits alike. Where the numbers of the target are names (01 beside 1), it is read again as such; rows and splits
 * without a target are left out.
 *
 * @param stated the column that a teacher says it was trained to predict, which counts where the experiment names none
 * @throws BadInputError with everything that is wrong with the tables
 */
export async function readLabelledTables(
  readers: TableReaders,
  written: DatasetOptions,
  stated: string | undefined,
): Promise<LabelledTables> {
  const { table: all, codes, told, options } = await readTraining(readers, written, stated);
  const named = readers.validation || readers.test ? undefined : splitByColumn(all, written);
  const whole = named?.training ?? all;
  const { validation, test } = named ?? (await readOthers(readers, whole));
  const submission = test && options.target === undefined ? await submissionIn(readers.folder) : undefined;
  const targets = targetNames(whole, test, options, submission);
  const training = leaveOutUnlabelled(whole, targets, {
    isSure: options.target !== undefined || targets.some((name) => targetRank(name) !== undefined),
  });
  const others = {
    validation: validation && labelledSplit(validation, 'validation', whole, targets),
    test: test && labelledSplit(test, 'test', whole, targets),
  };
  const tables = named ? [all] : [whole, validation, test].filter((table) => table !== undefined);
  const isLacked = test !== undefined && !test.columns.some(({ name }) => targets.includes(name));
  const cells =
    options.task === 'multi-label' && targets.length === 1 ? labelsOfCells(training.table, targets[0]) : undefined;
  const spread = (table: Table | undefined): Table | undefined => (table && cells ? spreadLabels(table, cells) : table);
  const isFound = options.target === undefined && targets.length > 0 && isLacked;
  return {
    training: spread(training.table) ?? training.table,
    validation: spread(others.validation?.table),
    test: spread(others.test?.table),
    target: cells ? cells.names : isFound ? targets : options.target,
    findings: [
      ...tables.flatMap(({ remarks }) => remarks.map((remark) => warning('dataset.path', remark))),
      ...tables.flatMap(({ notes = [] }) => notes.map((note) => information('dataset.path', note))),
      ...codes.map(toldCodes),
      ...(named?.findings ?? []),
      ...(told === undefined ? [] : [toldTarget(told, all)]),
      ...(isFound ? toldLacked(targets, { training: whole, test, submission }, options) : []),
      ...training.findings,
      ...(others.validation?.findings ?? []),
      ...(others.test?.findings ?? []),
    ],
  };
}

async function readWith(
  reader: TableReader,
  storage: ReadonlyMap<string, Storage>,
  { folder }: TableReaders,
): Promise<Table> {
  return withImages(withoutHuge(await reader(storage)), folder);
}

interface ReadTraining {
  readonly table: Table;
  /** Columns of numbers that were read as words, for they are codes. */
  readonly codes: readonly string[];
  /** The target that a teacher states, where it counts; `options` have it. */
  readonly told: string | undefined;
  readonly options: DatasetOptions;
}

/** Reads the training table; again, where numbers in it are names, with these as words. */
async function readTraining(
  readers: TableReaders,
  written: DatasetOptions,
  stated: string | undefined,
): Promise<ReadTraining> {
  const asked = storageFor(written);
  const first = await readWith(readers.training, asked, readers);
  const told = statedTarget(first, written, stated);
  const options = told === undefined ? written : { ...written, target: told };
  const likely = targetNames(first, undefined, options);
  const numbers = first.columns.filter((column) => column.kind === 'number').filter(({ name }) => !asked.has(name));
  const targets = numbers.filter(({ name, holdsNames }) => likely.includes(name) && holdsNames === true);
  const noAmounts = numbers.filter((column) => !likely.includes(column.name) && isNoAmount(column, first.count));
  const asWords = [...targets, ...noAmounts].map(({ name }) => [name, 'words'] as const);
  const table =
    asWords.length === 0 ? first : await readWith(readers.training, new Map([...asked, ...asWords]), readers);
  const codes = noAmounts.filter(({ holdsCodes }) => holdsCodes === true).map(({ name }) => name);
  return { table, codes, told, options };
}

/** Reads the other splits as the training table was read. */
async function readOthers(
  readers: TableReaders,
  training: Table,
): Promise<{ readonly validation: Table | undefined; readonly test: Table | undefined }> {
  const readOther = async (reader: TableReader | undefined): Promise<Table | undefined> => {
    const table = reader && (await readLike(training, (storage) => readWith(reader, storage, readers)));
    if (table && training.images && !table.images)
      throw new BadInputError([pathProblem(`${table.file} has no images.`, 'Every split needs them.')]);
    return table;
  };
  const [validation, test] = await allOrProblems<[Table | undefined, Table | undefined]>([
    readOther(readers.validation),
    readOther(readers.test),
  ]);
  return { validation, test };
}

/** The column of that name, in any case; undefined where something else says what is predicted, or there is none. */
function statedTarget(
  { columns }: Table,
  { target, task }: DatasetOptions,
  stated: string | undefined,
): string | undefined {
  if (target !== undefined || stated === undefined || task === 'matching' || task === 'reconstruction')
    return undefined;
  const alike = columns.filter(({ name }) => name.toLowerCase() === stated.toLowerCase());
  return (alike.find(({ name }) => name === stated) ?? alike[0])?.name;
}

/** Whether whole numbers are codes, or dates of eight digits. */
function isNoAmount({ holdsCodes, values }: NumberColumn, count: number): boolean {
  return holdsCodes === true || areCompactDates(values, count);
}

function toldCodes(name: string): Finding {
  const where = `dataset.columns.${name}`;
  const message = `The numbers of '${name}' begin with zeros, or have more digits than a number keeps, and are taken for names. Set ${where} to 'number' if they are amounts.`;
  return information(where, message);
}

function toldTarget(name: string, { file }: Table): Finding {
  const message = `The column '${name}' of ${file} is predicted, as the teacher's metadata says; dataset.target names another.`;
  return information('dataset.target', message);
}
