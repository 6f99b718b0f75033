import type { DatasetOptions } from '../../dataset.ts';
import { warning, type Finding } from '../../findings/finding.ts';
import { listOf } from '../../findings/wording.ts';
import { targetColumns } from './targets/chooseTargets.ts';
import { lackedBy, type Submission } from './targets/lackedTargets.ts';
import { isUsualTarget } from './targets/usualTargets.ts';
import { lacksValue, missingRows, type Column, type Table, type WordColumn } from './column.ts';
import { isMissingWord } from './numbers/parseNumber.ts';

/** Share of the rows that may lack what is to be predicted; with more, something else is wrong. */
const MOST_UNLABELLED = 0.5;

/** What the experiment says of what is to be predicted. */
export type TargetWishes = Pick<DatasetOptions, 'target' | 'task'>;

/**
 * The names of what is to be predicted, as far as the tables tell: where neither the experiment nor a usual name says it, what a table of answers names, or what
 * the test table lacks.
 */
export function targetNames(
  training: Table,
  test: Table | undefined,
  wishes: TargetWishes,
  submission?: Submission,
): readonly string[] {
  const needsNone = wishes.task === 'matching' || wishes.task === 'reconstruction';
  const chosen = needsNone ? [] : (targetColumns(training, wishes, []) ?? []).map(({ name }) => name);
  if (needsNone || !test || wishes.target !== undefined || chosen.some(isUsualTarget)) return chosen;
  const lacking = lackedBy(test, training);
  const submitted = lacking.filter((name) => submission?.names.includes(name));
  if (submitted.length > 0) return submitted;
  const areLabels = training.columns.every(
    (column) => !lacking.includes(column.name) || holdsZeroOrOne(column, training.count),
  );
  if (lacking.length === 1 || areLabels) return lacking.length > 0 ? lacking : chosen;
  // What is in both is known before.
  const [last = ''] = lacking.slice(-1);
  return lacking.length === 0 || chosen.some((name) => lacking.includes(name)) ? chosen : [last];
}

function holdsZeroOrOne(column: Column, count: number): boolean {
  return column.kind === 'number' && column.values.subarray(0, count).every((value) => value === 0 || value === 1);
}

/** The tables of the splits, with rows that have what is to be predicted. */
export interface LabelledTables {
  readonly training: Table;
  readonly validation: Table | undefined;
  readonly test: Table | undefined;
  /** What is to be predicted, where that is more than the experiment says. */
  readonly target: DatasetOptions['target'];
  /** How the tables were read, and what of them is left out. */
  readonly findings: readonly Finding[];
}

/** A table whose rows all have what is to be predicted, and what there is to say about those that have not. */
export interface LabelledRows {
  readonly table: Table;
  readonly findings: readonly Finding[];
}

/** Leaves out the rows that lack what is to be predicted, unless they are too many to be an exception where only a guess says what that is. */
export function leaveOutUnlabelled(
  table: Table,
  targets: readonly string[],
  { isSure }: { readonly isSure: boolean },
): LabelledRows {
  const columns = columnsNamed(table, targets);
  if (columns.every((column) => missingRows(column, table.count) === 0)) return { table, findings: [] };
  const kept: number[] = [];
  let first: number | undefined;
  for (let row = 0; row < table.count; row++) {
    if (!columns.some((column) => lacksValue(column, row))) kept.push(row);
    else first ??= row;
  }
  const without = table.count - kept.length;
  const most = isSure ? table.count - 1 : MOST_UNLABELLED * table.count;
  if (first === undefined || without > most) return { table, findings: [] };
  const rows =
    without === 1
      ? `line ${table.lineOf(first)}`
      : `${without} of ${table.count} rows, line ${table.lineOf(first)} first,`;
  const spelled = spelledMissing(columns, table.count);
  const message = `${table.file}: ${rows} ${without === 1 ? 'has' : 'have'} no value for ${listOf(targets)}, which is to be predicted, and ${without === 1 ? 'is' : 'are'} left out.`;
  // Of all rows, and not of a sample, it is told when they are read.
  if (table.sampledFrom !== undefined) return { table: selectRows(table, kept), findings: [] };
  return {
    table: selectRows(table, kept),
    findings: [
      warning(
        'dataset.path',
        message,
        `${spelled.length === 0 ? '' : `Cells that say ${listOf(spelled)} count as empty: write them otherwise if they are a class. `}Fill it in where it is known. In a file of their own, named in dataset.unlabelled, such rows are learned from the teacher.`,
      ),
    ],
  };
}

/** What cells say that have no value and are not empty, such as NA. */
function spelledMissing(columns: readonly Column[], count: number): readonly string[] {
  const found = columns.flatMap((column) => {
    if (column.kind === 'number') return [];
    const used = new Set(column.codes.subarray(0, count));
    return column.words.filter((word, code) => used.has(code) && word.trim() !== '' && isMissingWord(word));
  });
  return [...new Set(found.map((word) => word.trim()))];
}

/**
 * The table of a validation or test split where it has labels; undefined, with a warning, where it has none, as the test files of
 * competitions.
 */
export function labelledSplit(
  table: Table,
  split: 'validation' | 'test',
  training: Table,
  targets: readonly string[],
): { readonly table: Table | undefined; readonly findings: readonly Finding[] } {
  const columns = columnsNamed(table, targets);
  const isUnlabelled =
    targets.length > 0 &&
    (columns.length === 0 || columns.every((column) => rowsOf(table).every((row) => lacksValue(column, row))));
  // With no column in common it is another table, and refused as such.
  const isAlike = table.columns.some(({ name }) => training.columns.some((column) => column.name === name));
  if (!isUnlabelled || !isAlike) return leaveOutUnlabelled(table, targets, { isSure: true });
  const message = `${table.file} is unlabelled: it has no ${columns.length === 0 ? 'column' : 'values in the column'} ${listOf(targets)}, which is to be predicted. It is not used as the ${split} split; a share of ${training.file} is instead.`;
  return {
    table: undefined,
    findings: [
      warning('dataset.path', message, `Add the column to use it; dataset.${split} says how large the share is.`),
    ],
  };
}

function rowsOf({ count }: Table): readonly number[] {
  return Array.from({ length: count }, (_, row) => row);
}

function columnsNamed(table: Table, names: readonly string[]): readonly Column[] {
  return table.columns.filter(({ name }) => names.includes(name));
}

/** Some rows of a table, in that order. */
export function selectRows(table: Table, rows: readonly number[]): Table {
  const { images } = table;
  return {
    ...table,
    count: rows.length,
    columns: table.columns.map((column) =>
      column.kind === 'number'
        ? { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? NaN) }
        : selectWords(column, rows),
    ),
    lineOf: (row) => table.lineOf(rows[row] ?? 0),
    ...(images && { images: rows.flatMap((row) => images[row] ?? []) }),
  };
}

/** The words of some rows, and no others. */
function selectWords({ kind, name, words, codes }: WordColumn, rows: readonly number[]): WordColumn {
  const codeOf = new Map<number, number>();
  const selected = Int32Array.from(rows, (row) => {
    const code = codes[row] ?? 0;
    const own = codeOf.get(code) ?? codeOf.size;
    codeOf.set(code, own);
    return own;
  });
  return { kind, name, words: [...codeOf.keys()].map((code) => words[code] ?? ''), codes: selected };
}
