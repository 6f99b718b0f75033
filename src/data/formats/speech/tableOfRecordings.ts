import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BadInputError, type Problem } from '../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import { information, type Finding } from '../../findings/finding.ts';
import { pathProblem } from '../../findings/problems.ts';
import { listFolder } from '../../location.ts';
import type { Location } from '../../source.ts';
import type { Task } from '../../task.ts';
import { indexFiles, type FileIndex } from '../fileIndex.ts';
import { splitCalled, type SplitName } from '../splitNames.ts';
import { FOLD_NAME } from '../tables/classifyColumn.ts';
import type { Column, Table } from '../tables/column.ts';
import { NAMES_FILES, rowsToLookAt } from '../tables/images/imagesOfRows.ts';
import { selectRows } from '../tables/labelledRows.ts';
import { SUBMISSION } from '../tables/reading/tableFiles.ts';
import { readerOf } from '../tables/textTableFormat.ts';
import { namesInJson } from '../tables/json/namesInJson.ts';
import { groupsOf } from '../tables/rowGroups.ts';
import { splitByColumn } from '../tables/splitColumn.ts';
import { chooseTargets, classOf, type ChosenTargets } from '../tables/targets/chooseTargets.ts';
import { readTargets } from '../tables/targets/tableTargets.ts';
import { isRecordingName, isSoundName, type RecordingList } from './listRecordings.ts';

const TABLE = /\.(?:csv|tsv|jsonl|ndjson|json|txt|lst|list)$/i;
/** A name and a class in every line, where no line names the columns. */
const LIST_ENDING = /\.(?:txt|lst|list)$/i;
const JSON_ENDING = /\.(?:jsonl|ndjson|json)$/i;
/** A text beside every recording is of that one. */
const MOST_TEXTS = 20;
const MOST_FOLDS = 100;
/** Bytes of a table that tell whether it names recordings. */
const OPENING = 16_384;
/** Share of the rows that have to name a recording. */
const MOST_FOUND = 0.8;

/** Recordings that a table names, with what is to be predicted of them. */
export interface TableOfRecordings {
  readonly task: Task;
  readonly lists: readonly RecordingList[];
  /** The group of each recording to train with that stays in one split. */
  readonly groups: Int32Array | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Looks for a table of recordings in a folder, or in one beside them (`meta/esc50.csv`, `metadata/UrbanSound8K.csv`), that names them by their names, with their
 * ending or without, or by paths.
 *
 * @returns undefined where there is none
 * @throws BadInputError with everything that is wrong with the table, or where it holds no classes
 */
export async function tableOfRecordings(
  location: Location,
  context: OpenContext,
  options: DatasetOptions,
): Promise<TableOfRecordings | undefined> {
  const found = await likelyTables(location);
  const { folder } = location;
  const read = async (path: string, split: SplitName): Promise<NamedRecordings | undefined> => {
    const table = await readerOf(join(folder, path), options.table, context)(new Map());
    const index = split === 'training' ? found?.index : await indexFiles(folder, isSoundName, split);
    const column = index && table.columns.find((each) => findsRecordings(each, table, index));
    return column && namedRecordings(table, column, index);
  };
  const splits = bySplit(found?.tables ?? []);
  for (const path of splits.training) {
    const training = await read(path, 'training');
    if (!training) continue;
    const [validation, test] = [splits.validation, splits.test];
    return fromTables(
      {
        training,
        validation: validation === undefined ? undefined : await read(validation, 'validation'),
        test: test === undefined ? undefined : await read(test, 'test'),
      },
      options,
    );
  }
  return undefined;
}

/** The tables of the splits by their names, or by those of the folders that they lie in; where none is to train with, all may be the only one. */
function bySplit(tables: readonly string[]): {
  readonly training: readonly string[];
  readonly validation: string | undefined;
  readonly test: string | undefined;
} {
  const called = (split: SplitName): readonly string[] =>
    tables.filter((path) => {
      const own = splitCalled(basename(path).replace(TABLE, '')) ?? splitCalled(basename(dirname(path)));
      return own === split;
    });
  const training = called('training');
  return training.length === 0
    ? { training: tables, validation: undefined, test: undefined }
    : { training, validation: called('validation')[0], test: called('test')[0] };
}

/** Whether there is a table that names recordings. */
export async function hasTableOfRecordings(location: Location): Promise<boolean> {
  return ((await likelyTables(location))?.tables.length ?? 0) > 0;
}

/** Tables in a folder and in those within whose first rows name recordings. */
async function likelyTables({
  folder,
  files,
  folders,
}: Location): Promise<{ readonly tables: readonly string[]; readonly index: FileIndex } | undefined> {
  const inside = await Promise.all(
    folders.map(async (name) => (await listFolder(join(folder, name))).files.map((file) => join(name, file))),
  );
  const all = [...files, ...inside.flat()].filter((name) => TABLE.test(name) && !SUBMISSION.test(name));
  const candidates = [JSON_ENDING, LIST_ENDING].reduce((left, ending) => {
    const texts = left.filter((name) => ending.test(name));
    return texts.length > MOST_TEXTS ? left.filter((name) => !texts.includes(name)) : left;
  }, all);
  if (candidates.length === 0) return undefined;
  const index = await indexFiles(folder, isSoundName, 'training');
  if (index.count === 0) return undefined;
  const tables: string[] = [];
  for (const path of candidates) if (await namesRecordings(join(folder, path), index)) tables.push(path);
  return { tables, index };
}

async function namesRecordings(path: string, index: FileIndex): Promise<boolean> {
  if (JSON_ENDING.test(path)) return namesInJson(path, (name) => index.find(name) !== undefined);
  const isList = LIST_ENDING.test(path);
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(OPENING), 0, OPENING, 0);
    const [header = '', ...others] = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/);
    const rows = isList ? [header, ...others].filter((row) => row.trim() !== '') : others;
    const cells = (row: string): readonly string[] =>
      row.split(isList ? /[,;\t |]+/ : /[,;\t]/).map((cell) => cell.replaceAll('"', ''));
    // A list of nothing but names, as of a split, says no classes.
    if (isList && rows.some((row) => cells(row.trim()).length < 2)) return false;
    const names = cells(header);
    // Numbers name files only in a column that is called so.
    const mayName = (cell: string, column: number): boolean =>
      !/^\d*$/.test(cell) || NAMES_FILES.test(names[column] ?? '') || (isList && column === 0 && cell !== '');
    const named = rows.filter((row) =>
      cells(row).some((cell, column) => mayName(cell, column) && find(index, cell) !== undefined),
    );
    return named.length > 0 && named.length >= rows.length / 2;
  } finally {
    await file.close();
  }
}

function find(index: FileIndex, cell: string): string | undefined {
  return index.find(basename(cell.trim()));
}

function findsRecordings(column: Column, { file, count, columns }: Table, index: FileIndex): boolean {
  const isFirstOfList = LIST_ENDING.test(file) && column === columns[0];
  if (column.kind === 'number' && !NAMES_FILES.test(column.name) && !isFirstOfList) return false;
  const rows = rowsToLookAt(count);
  return rows.filter((row) => find(index, classOf(column, row)) !== undefined).length >= MOST_FOUND * rows.length;
}

/** The rows of a table that name recordings, and which. */
interface NamedRecordings {
  /** Without the column of the names, and with the places of the rows in the column `''`. */
  readonly table: Table;
  readonly column: string;
  /** The recording of each row of the whole table. */
  readonly paths: readonly (string | undefined)[];
  readonly first: string;
  /** Rows that name no recording. */
  readonly left: number;
}

/** @throws BadInputError when most recordings are of a kind that is not read */
function namedRecordings(table: Table, column: Column, index: FileIndex): NamedRecordings {
  const paths = Array.from({ length: table.count }, (_, row) => find(index, classOf(column, row)));
  const named = paths.flatMap((path, row) => (path === undefined ? [] : [row]));
  const others = named.filter((row) => !isRecordingName(paths[row] ?? ''));
  if (others.length > named.length / 2) {
    throw new BadInputError([
      pathProblem(
        `The recordings that ${table.file} names, such as ${paths[others[0] ?? 0] ?? ''}, are no WAV files, which alone are read.`,
        'Convert them, such as with `ffmpeg -i in.mp3 out.wav`; the names in the table may keep their endings off.',
      ),
    ]);
  }
  const rows = selectRows(table, named);
  // Places in the rows, so that each split finds its files.
  const places: Column = { kind: 'number', name: '', values: Float64Array.from(named) };
  return {
    table: { ...rows, columns: [...rows.columns.filter(({ name }) => name !== column.name), places] },
    column: column.name,
    paths,
    first: paths[named[0] ?? 0] ?? '',
    left: table.count - named.length,
  };
}

interface RecordingSplits {
  readonly training: NamedRecordings;
  readonly validation: NamedRecordings | undefined;
  readonly test: NamedRecordings | undefined;
}

function fromTables({ training, validation, test }: RecordingSplits, options: DatasetOptions): TableOfRecordings {
  const { table, column, left } = training;
  const columns = table.columns.filter(({ name }) => name !== '');
  const fold = columns.find((each) => FOLD_NAME.test(each.name) && different(each, table.count) <= MOST_FOLDS);
  const group = columns.find(({ name }) => name === options.split?.group) ?? fold;
  const candidates = { ...table, columns: columns.filter((each) => each !== group) };
  const problems: Problem[] = [];
  const numbered = chooseTargets(candidates, options, problems);
  const chosen = numbered && (options.target === undefined ? namedClasses(candidates, numbered) : numbered);
  if (!chosen) throw new BadInputError(problems);
  if (chosen.task.kind !== 'classification' && chosen.task.kind !== 'multi-label') {
    throw new BadInputError([
      pathProblem(
        `${table.file} names recordings, but '${chosen.columns[0]?.name ?? ''}' has no classes of them.`,
        'Name the column of classes in dataset.target.',
      ),
    ]);
  }
  const splits = validation || test ? undefined : splitByColumn(table, options);
  const listOf = (
    name: SplitName,
    part: Table | undefined,
    of: NamedRecordings | undefined,
  ): readonly RecordingList[] => {
    if (!part || !of) return [];
    const rows = part.columns.find((each) => each.name === '' && each.kind === 'number');
    const files =
      rows?.kind === 'number' ? Array.from(rows.values.subarray(0, part.count), (row) => of.paths[row] ?? '') : [];
    return [{ name, files, targets: readTargets(part, chosen, problems), strays: [] }];
  };
  const lists = [
    ...listOf('training', splits?.training ?? table, training),
    ...(splits
      ? listOf('validation', splits.validation, training)
      : listOf('validation', validation?.table, validation)),
    ...(splits ? listOf('test', splits.test, training) : listOf('test', test?.table, test)),
  ];
  if (problems.length > 0) throw new BadInputError(problems);
  const missing = left === 0 ? '' : ` ${left} of its rows name no recording that is there, and are left out.`;
  const together = group
    ? ` Recordings of one '${group.name}' stay in one split${group === fold ? '; dataset.split.group names another column' : ''}.`
    : '';
  const message = `The column '${column}' of ${table.file} names the recordings, such as ${training.first}, and '${chosen.columns[0]?.name ?? ''}' their classes.${missing}${together}`;
  return {
    task: chosen.task,
    lists,
    groups: group && !splits ? groupsOf(group, table.count) : undefined,
    findings: [information('dataset.path', message), ...(splits?.findings ?? []), ...chosen.findings],
  };
}

function different(column: Column, count: number): number {
  return new Set(groupsOf(column, count)).size;
}

/** Where another column has a word for each numbered class, it names them. */
function namedClasses(table: Table, chosen: ChosenTargets): ChosenTargets {
  const [numbered, second] = chosen.columns;
  if (numbered?.kind !== 'number' || second || chosen.task.kind !== 'classification') return chosen;
  const classes = groupsOf(numbered, table.count);
  const isAlike = (other: Column): boolean => {
    if (other.kind !== 'words') return false;
    const pairs = new Set<string>();
    const words = groupsOf(other, table.count);
    for (let row = 0; row < table.count; row++) pairs.add(`${classes[row] ?? 0} ${words[row] ?? 0}`);
    return pairs.size === new Set(classes).size && pairs.size === new Set(words).size;
  };
  const words = table.columns.find(isAlike);
  if (!words) return chosen;
  const message = `'${words.name}' has a word for each class of '${numbered.name}' and is predicted; dataset.target names another.`;
  const problems: Problem[] = [];
  const named = chooseTargets(table, { target: words.name }, problems);
  return named ? { ...named, findings: [information('dataset.target', message)] } : chosen;
}
