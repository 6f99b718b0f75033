import type { Problem } from '../../../../errors.ts';
import type { DatasetOptions } from '../../../dataset.ts';
import type { Task } from '../../../task.ts';
import { alikeNames } from '../../../findings/alikeNames.ts';
import { listOf } from '../../../findings/wording.ts';
import { information, warning, type Finding } from '../../../findings/finding.ts';
import { lacksValue, missingRows, type Column, type Table } from '../column.ts';
import { dateFormOf } from '../times/dates.ts';
import { likelyTargets } from './likelyTargets.ts';
import { judgeNumberedTarget, type TeacherWidths } from './numberedClasses.ts';
import { labelsInCells, partOfClass } from './severalInOne.ts';
import { isCertainTarget, isUsualTarget } from './usualTargets.ts';

/** The columns that are to be predicted, and as what. */
export interface ChosenTargets {
  readonly columns: readonly Column[];
  readonly task: Task;
  /** What was assumed. */
  readonly findings: readonly Finding[];
  /** Whether they are predicted from texts, where the experiment does not say from what. */
  readonly isOfTexts?: boolean;
}

/** What the experiment says of targets, and what the teacher takes and gives. */
export interface TargetChoices extends Pick<DatasetOptions, 'target' | 'task'> {
  readonly teacher?: TeacherWidths | undefined;
}

const MOST_CLASSES = 10_000;
/** More different dates are no classes. */
const MOST_DATES = 20;
/** Classes written in several ways that are told. */
const MOST_ALIKE = 5;
/** In so few rows classes may well occur once. */
const FEW_ROWS = 10;

/**
 * Chooses the columns that are to be predicted (those asked for, else the likeliest) and what kind of
 * task that is: words are classes, and so are few different whole numbers; other numbers are regressed on; several columns of
 * 0 and 1 are labels that may come together.
 *
 * @returns undefined after adding to `problems` what does not fit
 */
export function chooseTargets(table: Table, options: TargetChoices, problems: Problem[]): ChosenTargets | undefined {
  const columns = targetColumns(table, options, problems);
  if (!columns) return undefined;
  if (options.task === 'matching' || options.task === 'reconstruction') {
    return { columns, task: { kind: options.task }, findings: [] };
  }
  const before = problems.length;
  for (const column of columns) problems.push(...lacking(table, column));
  if (problems.length > before) return undefined;
  const { kind, findings } =
    options.task === undefined ? inferredKind(table, columns, options.teacher) : { kind: options.task, findings: [] };
  const task = taskOf(table, columns, { kind, isAsked: options.task !== undefined }, problems);
  return (
    task && {
      columns,
      task,
      isOfTexts: options.target === undefined && likelyTargets(table).isOfTexts,
      findings: [
        ...assumedColumn(table, columns, options),
        ...findings,
        ...alikeClasses(task, columns),
        ...labelsInCells(task, columns),
        ...(options.target === undefined && columns.length === 1
          ? columns.flatMap((column) => partOfClass(table, column))
          : []),
      ],
    }
  );
}

/**
 * The columns that are to be predicted.
 *
 * @returns undefined after adding to `problems` names that there are not
 */
export function targetColumns(
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
  return likelyTargets(table, task === 'matching' || task === 'reconstruction').columns;
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
  if (missingRows(column, table.count) === 0) return [];
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
  { kind, isAsked }: { readonly kind: Task['kind']; readonly isAsked: boolean },
  problems: Problem[],
): Task | undefined {
  const refuse = (message: string, hint: string): Task | undefined => {
    problems.push({ where: isAsked ? 'dataset.task' : 'dataset.target', message, hint });
    return undefined;
  };
  const [column] = columns;
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
          'At least two classes are needed. Cells that say NA, null or ? count as empty: write them otherwise if they are a class.',
        );
      }
      if (classes.length === table.count && column.kind === 'words' && table.count > FEW_ROWS) {
        return refuse(
          `The column '${column.name}' has another value in each of the ${table.count} rows of ${table.file}, so it names no classes.`,
          'Choose another dataset.target; without one, a task of matching or reconstruction needs none.',
        );
      }
      if (!isAsked && column.kind === 'words' && classes.length > MOST_DATES && dateFormOf(classes)) {
        return refuse(
          `The column '${column.name}' holds ${classes.length} different dates or times, which are no classes.`,
          'Predict a number instead, such as the days or hours since something; with "task": "classification" each date is a class.',
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

/** Says which columns are predicted where neither the experiment nor a name that means nothing else does. */
function assumedColumn(table: Table, [column]: readonly Column[], { target }: TargetChoices): readonly Finding[] {
  if (target !== undefined || !column || table.columns.length < 2) return [];
  const others = table.columns
    .filter(({ name }) => name !== column.name && isUsualTarget(name))
    .map(({ name }) => name);
  if (isCertainTarget(column.name) && others.length === 0) return [];
  const { columns, reason } = likelyTargets(table);
  const also = isUsualTarget(column.name) && others.length > 0 ? ` (so does ${listOf(others)})` : '';
  const subject =
    columns.length > 1
      ? `The columns ${listOf(columns.map(({ name }) => name))} of ${table.file} are predicted`
      : `The column '${column.name}' of ${table.file} is predicted`;
  const message = `${subject}, as ${reason}${also}; dataset.target names another.`;
  return [information('dataset.target', message)];
}

/** Tells of classes that may be one: `yes` and `Yes`. */
function alikeClasses(task: Task, [column]: readonly Column[]): readonly Finding[] {
  if (task.kind !== 'classification' || !column) return [];
  return alikeNames(task.classes)
    .slice(0, MOST_ALIKE)
    .map((names) => {
      const message = `The column '${column.name}' has the classes ${listOf(names)}, which differ only in how they are written; each is taken for a class of its own.`;
      return warning('dataset.target', message, 'Write them alike if they are one.');
    });
}

function inferredKind(
  table: Table,
  columns: readonly Column[],
  teacher: TeacherWidths | undefined,
): { readonly kind: Task['kind']; readonly findings: readonly Finding[] } {
  if (columns.length > 1) {
    if (!columns.every((column) => isBinary(column, table.count))) return { kind: 'regression', findings: [] };
    const signed = columns.find(
      (column) => column.kind === 'number' && column.values.subarray(0, table.count).includes(-1),
    );
    const message = `The columns that are predicted hold −1 and 1, such as '${signed?.name ?? ''}'; −1 is taken for 0. Set dataset.task to 'regression' if they are amounts.`;
    return { kind: 'multi-label', findings: signed ? [information('dataset.task', message)] : [] };
  }
  const [column] = columns;
  return column?.kind === 'number'
    ? judgeNumberedTarget(column, table.count, teacher)
    : { kind: 'classification', findings: [] };
}

function isBinary(column: Column, count: number): boolean {
  if (column.kind === 'number') {
    const values = column.values.subarray(0, count);
    // −1 stands for 0 in attributes of faces and the like.
    return [0, -1].some((none) => values.every((value) => value === none || value === 1));
  }
  return column.words.every((word) => binaryOf(word) !== undefined);
}

const BINARY_WORDS: Readonly<Record<string, number>> = { true: 1, yes: 1, '1': 1, false: 0, no: 0, '0': 0 };

/** 0 or 1 for what a multi-label column says; undefined for anything else. */
export function binaryOf(word: string): number | undefined {
  return BINARY_WORDS[word.trim().toLowerCase()];
}

/** The class that a row says, as it is written. */
export function classOf(column: Column, row: number): string {
  if (column.kind === 'number') {
    const value = column.values[row] ?? NaN;
    return column.written?.get(value) ?? String(value);
  }
  return (column.words[column.codes[row] ?? 0] ?? '').trim();
}

/** Numbers by size, also where they have names; anything else by its characters. */
function classNames(table: Table, column: Column): readonly string[] {
  if (column.kind === 'number' && column.namesClasses === true) {
    const values = [...new Set(column.values.subarray(0, table.count))].sort((one, other) => one - other);
    return values.map((value) => column.written?.get(value) ?? String(value));
  }
  const names = new Set<string>();
  if (column.kind === 'words') {
    for (const code of new Set(column.codes.subarray(0, table.count))) names.add((column.words[code] ?? '').trim());
  } else for (let row = 0; row < table.count; row++) names.add(classOf(column, row));
  const sorted = [...names].sort();
  return sorted.every((name) => name !== '' && Number.isFinite(Number(name)))
    ? sorted.sort((one, other) => Number(one) - Number(other))
    : sorted;
}
