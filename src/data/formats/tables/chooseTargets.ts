import type { Problem } from '../../errors.ts';
import type { DatasetOptions } from '../dataset.ts';
import type { Task } from '../task.ts';
import { listOf } from '../wording.ts';
import { lacksValue, type Column, type Table } from './column.ts';

/** The columns that are to be predicted, and as what. */
export interface ChosenTargets {
  readonly columns: readonly Column[];
  readonly task: Task;
}

const USUAL_NAMES = ['label', 'labels', 'class', 'target', 'y'];
/** A column of whole numbers with no more different ones is a class. */
const MOST_NUMBERED_CLASSES = 20;
const MOST_CLASSES = 10_000;

/**
 * Chooses the columns that are to be predicted (those asked for, else the one with a usual name, else the last) and what kind of
 * task that is: words are classes, and so are few different whole numbers; other numbers are regressed on; several columns of
 * 0 and 1 are labels that may come together.
 *
 * @returns undefined after adding to `problems` what does not fit
 */
export function chooseTargets(
  table: Table,
  options: Pick<DatasetOptions, 'target' | 'task'>,
  problems: Problem[],
): ChosenTargets | undefined {
  const columns = targetColumns(table, options, problems);
  if (!columns) return undefined;
  if (options.task === 'matching' || options.task === 'reconstruction') {
    return { columns, task: { kind: options.task } };
  }
  const before = problems.length;
  for (const column of columns) problems.push(...lacking(table, column));
  if (problems.length > before) return undefined;
  const task = taskOf(table, columns, options.task, problems);
  return task && { columns, task };
}

function targetColumns(
  table: Table,
  { target, task }: Pick<DatasetOptions, 'target' | 'task'>,
  problems: Problem[],
): readonly Column[] | undefined {
  if (target !== undefined) {
    const names = typeof target === 'string' ? [target] : target;
    const unknown = names.filter((name) => !table.columns.some((column) => column.name === name));
    for (const name of unknown) problems.push(unknownColumn('dataset.target', name, table));
    if (unknown.length > 0) return undefined;
    return names.flatMap((name) => table.columns.filter((column) => column.name === name));
  }
  const named = (name: string): Column | undefined =>
    table.columns.find((column) => column.name.toLowerCase() === name);
  for (const name of USUAL_NAMES) {
    const usual = named(name);
    // Beside x, y is a coordinate unless it comes last.
    if (usual && !(name === 'y' && named('x'))) return [usual];
  }
  return task === 'matching' || task === 'reconstruction' ? [] : table.columns.slice(-1);
}

/** A field of the experiment names a column that there is not. */
export function unknownColumn(where: string, name: string, table: Table): Problem {
  return {
    where,
    message: `${table.file} has no column '${name}'.`,
    hint: `Its columns are ${listOf(table.columns.map((column) => column.name))}.`,
  };
}

function lacking(table: Table, column: Column): readonly Problem[] {
  const rows: number[] = [];
  for (let row = 0; row < table.count; row++) if (lacksValue(column, row)) rows.push(row);
  const [first] = rows;
  if (first === undefined) return [];
  const others = rows.length === 1 ? '' : ` (and ${rows.length - 1} more)`;
  return [
    {
      where: 'dataset.path',
      message: `Line ${table.lineOf(first)} of ${table.file} has no value for '${column.name}'${others}, which is to be predicted.`,
      hint: 'Fill it in, remove the line, or choose another dataset.target.',
    },
  ];
}

function taskOf(
  table: Table,
  columns: readonly Column[],
  asked: DatasetOptions['task'],
  problems: Problem[],
): Task | undefined {
  const refuse = (message: string, hint: string): Task | undefined => {
    problems.push({ where: asked === undefined ? 'dataset.target' : 'dataset.task', message, hint });
    return undefined;
  };
  const [column] = columns;
  const kind = asked ?? inferredKind(table, columns);
  const words = columns.filter((each) => each.kind === 'words').map(({ name }) => name);
  switch (kind) {
    case 'classification': {
      if (!column || columns.length > 1) {
        return refuse(
          `There are ${columns.length} target columns.`,
          'A classification has one target; several of 0 and 1 are multi-label.',
        );
      }
      const classes = classNames(table, column);
      if (classes.length < 2) {
        return refuse(
          `Every row of ${table.file} has the class '${classes[0] ?? ''}'.`,
          'At least two classes are needed.',
        );
      }
      if (classes.length > MOST_CLASSES) {
        return refuse(
          `The column '${column.name}' has ${classes.length} different values.`,
          `At most ${MOST_CLASSES} classes are possible; is this the target?`,
        );
      }
      return { kind, classes };
    }
    case 'multi-label': {
      const other = columns.find((each) => !isBinary(each, table.count));
      if (other)
        return refuse(`The column '${other.name}' has values other than 0 and 1.`, 'Multi-label targets are 0 or 1.');
      return { kind, classes: columns.map(({ name }) => name) };
    }
    case 'regression':
      if (words.length > 0) {
        return refuse(
          `The target ${listOf(words)} has values that are no numbers.`,
          'Several targets must all be numbers; one target of words is a class.',
        );
      }
      return { kind, targets: columns.map(({ name }) => name) };
    case 'token-classification':
      return refuse('A table has no label for every token.', 'Give JSONL with arrays of tokens and labels.');
    case 'matching':
    case 'reconstruction':
      return { kind };
  }
}

function inferredKind(table: Table, columns: readonly Column[]): Task['kind'] {
  if (columns.length > 1) {
    return columns.every((column) => isBinary(column, table.count)) ? 'multi-label' : 'regression';
  }
  const [column] = columns;
  if (column?.kind !== 'number') return 'classification';
  const distinct = new Set<number>();
  for (let row = 0; row < table.count; row++) {
    const value = column.values[row] ?? NaN;
    distinct.add(value);
    if (!Number.isInteger(value) || distinct.size > MOST_NUMBERED_CLASSES) return 'regression';
  }
  return 'classification';
}

function isBinary(column: Column, count: number): boolean {
  if (column.kind === 'number') return column.values.subarray(0, count).every((value) => value === 0 || value === 1);
  return column.words.every((word) => binaryOf(word) !== undefined);
}

const BINARY_WORDS: Readonly<Record<string, number>> = { true: 1, yes: 1, '1': 1, false: 0, no: 0, '0': 0 };

/** 0 or 1 for what a multi-label column says; undefined for anything else. */
export function binaryOf(word: string): number | undefined {
  return BINARY_WORDS[word.trim().toLowerCase()];
}

/** The class that a row says, as text. */
export function classOf(column: Column, row: number): string {
  return column.kind === 'number'
    ? String(column.values[row] ?? NaN)
    : (column.words[column.codes[row] ?? 0] ?? '').trim();
}

/** Numbers by size, anything else by its characters. */
function classNames(table: Table, column: Column): readonly string[] {
  const names = new Set<string>();
  for (let row = 0; row < table.count; row++) names.add(classOf(column, row));
  const sorted = [...names].sort();
  return sorted.every((name) => name !== '' && Number.isFinite(Number(name)))
    ? sorted.sort((one, other) => Number(one) - Number(other))
    : sorted;
}
