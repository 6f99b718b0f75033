import type { Problem } from '../../../errors.ts';
import type { DatasetOptions } from '../../dataset.ts';
import { information, warning, type Finding } from '../../findings/finding.ts';
import { refuseIfAny } from '../../findings/problems.ts';
import { chooseTargets, unknownColumn, type ChosenTargets } from './targets/chooseTargets.ts';
import { missingRows, type Column, type Storage, type Table } from './column.ts';
import { columnsForTeacher, type JudgedColumn } from './columnsForTeacher.ts';
import { classifyColumn } from './classifyColumn.ts';
import { marksForMissing } from './doubts/marksForMissing.ts';
import { fitColumns, LEAST_MISSING, widthOf } from './encodeColumns.ts';
import { countedPartsOf, datePartsOf, datesAsNumbers, type DateColumns } from './times/datesAsFeatures.ts';
import { findLeaks } from './targets/findLeaks.ts';
import { rowTimes } from './times/rowTimes.ts';
import type { TeacherWidths } from './targets/numberedClasses.ts';

/** What the columns of a table are used as. */
export interface TablePlan {
  readonly targets: ChosenTargets;
  /** Columns that become the sample: numbers and categories, or nothing but texts. */
  readonly features: readonly Column[];
  readonly content: 'values' | 'texts';
  /** Those of the features whose words are dates, and what of them becomes numbers. */
  readonly dates: DateColumns;
  /** Whether each number is one value of the sample and no more, as the teacher takes it. */
  readonly isPlain: boolean;
  /** The column whose equal values stay in one split. */
  readonly group: Column | undefined;
  /** The column that says when each row was, and when that was, where the latest are judged on. */
  readonly time: Column | undefined;
  readonly order: Float64Array | undefined;
  readonly findings: readonly Finding[];
}

/** Columns that are told one by one. */
const MOST_TOLD = 5;

export interface TableChoices extends Pick<DatasetOptions, 'columns' | 'target' | 'task' | 'split'> {
  /** What a teacher that exists already takes and gives, where that is known. */
  readonly teacher?: TeacherWidths | undefined;
}

/** How columns must be kept for what the experiment says that they are. */
export function storageFor({
  columns,
  split,
}: Pick<DatasetOptions, 'columns' | 'split'>): ReadonlyMap<string, Storage> {
  return new Map(
    Object.entries(columns ?? {})
      // A column that is no feature may order the rows all the same, by numbers if they are some.
      .filter(([name, kind]) => kind !== 'ignore' || name !== split?.time)
      .map(([name, kind]) => [name, kind === 'number' ? 'number' : 'words'] as const),
  );
}

/**
 * Decides what every column of the training table is used as.
 *
 * @param found what was found out when the tables were read
 * @throws BadInputError with everything in the experiment's choices that does not fit
 */
export function understandTable(table: Table, choices: TableChoices, found: readonly Finding[]): TablePlan {
  const problems: Problem[] = [];
  const findings: Finding[] = [...found];
  for (const name of Object.keys(choices.columns ?? {})) {
    if (!table.columns.some((column) => column.name === name)) {
      problems.push(unknownColumn(`dataset.columns.${name}`, name, table));
    }
  }
  const groupName = choices.split?.group;
  const group = table.columns.find(({ name }) => name === groupName);
  if (groupName !== undefined && !group) problems.push(unknownColumn('dataset.split.group', groupName, table));
  const time = timeColumn(table, choices, problems);
  const order = time && rowTimes(table, time, problems);
  const targets = chooseTargets(table, choices, problems);
  const onlyOrders = time && choices.columns?.[time.name] === undefined ? time : undefined;
  const taken = new Set<Column | undefined>([...(targets?.columns ?? []), group]);
  findings.push(...(targets?.findings ?? []));
  const { values, texts, sequences, dates, isPlain } = sortColumns(
    table,
    { columns: table.columns.filter((column) => !taken.has(column)), time: onlyOrders },
    choices,
    findings,
  );
  const asked = texts.filter(({ name }) => choices.columns?.[name] === 'text');
  // When something was written, and under which number, says less than what was written.
  const tellsLittle = (column: Column): boolean =>
    dates.has(column) || numbersRows(column, table.count) || repeats(column, targets?.columns[0], table.count);
  const isOfTexts = choices.columns === undefined && targets?.isOfTexts === true;
  const isOnlyOfTexts = isOfTexts || values.every(tellsLittle);
  // Names beside texts, or beside what was measured, say less than these do.
  const useSequences = asked.length === 0 && texts.length === 0 && sequences.length > 0 && isOnlyOfTexts;
  const useTexts = asked.length > 0 || useSequences || (texts.length > 0 && isOnlyOfTexts);
  const features =
    asked.length > 0 ? asked : useSequences ? sequences.map(({ column }) => column) : useTexts ? texts : values;
  if (!useSequences) findings.push(...sequences.map(sequenceLeftOut));
  if (features.length === 0 && problems.length === 0) {
    problems.push({
      where: 'dataset.columns',
      message: `No column of ${table.file} is left to predict from.`,
      hint: `${findings.map(({ message }) => message).join(' ')} Say in dataset.columns what a column is.`.trim(),
    });
  }
  refuseIfAny(problems);
  // Never undefined here: whoever found no targets said so.
  if (!targets) throw new TypeError('A table without targets was not refused.');
  findings.push(...leftOut(useTexts ? values : texts, useTexts ? 'texts' : 'values'));
  const [target, ...others] = targets.columns;
  if (target && others.length === 0 && ('classes' in targets.task || targets.task.kind === 'regression')) {
    findings.push(...findLeaks(table, target, 'classes' in targets.task, features));
  }
  // Of all rows, and not of a sample, it is told when they are counted.
  if (table.sampledFrom === undefined) {
    if (!useTexts) findings.push(...marksForMissing(features, table.count));
    const missing = new Map(features.map((column) => [column, missingRows(column, table.count)]));
    const content = useTexts ? 'texts' : 'values';
    findings.push(...missingValues({ features, content, dates, isPlain }, missing, table.count));
  }
  if (!useTexts) findings.push(...datesAsNumbers(dates, onlyOrders));
  const content = useTexts ? 'texts' : 'values';
  return { targets, features, content, dates, isPlain, group, time, order, findings };
}

/** The column that rows are ordered by in time; undefined where none is asked for, or after saying what is wrong. */
function timeColumn(table: Table, { split }: TableChoices, problems: Problem[]): Column | undefined {
  const name = split?.time;
  if (name === undefined) return undefined;
  const column = table.columns.find((each) => each.name === name);
  if (!column) problems.push(unknownColumn('dataset.split.time', name, table));
  if (split?.group !== undefined) {
    const message = "Rows are divided by 'time' or by 'group', not by both.";
    problems.push({ where: 'dataset.split', message, hint: 'Leave one of them out.' });
  }
  return column;
}

function sortColumns(
  table: Table,
  { columns, time }: { readonly columns: readonly Column[]; readonly time: Column | undefined },
  { columns: kinds, teacher }: TableChoices,
  findings: Finding[],
): Pick<TablePlan, 'dates' | 'isPlain'> & {
  readonly values: readonly Column[];
  readonly texts: readonly Column[];
  readonly sequences: readonly Sequence[];
} {
  const judged = columns
    .filter(({ name }) => kinds?.[name] !== 'ignore')
    .map((column): JudgedColumn => {
      const asked = kinds?.[column.name];
      const judgement =
        asked === undefined || asked === 'ignore' ? classifyColumn(column, table.count) : { kind: asked };
      return { column, judgement };
    })
    .filter(({ column, judgement }) => column !== time || judgement.kind === 'date');
  if (time && !judged.some(({ column }) => column === time)) findings.push(onlyOrdersRows(time));
  const needed = columnsForTeacher(judged, table.count, teacher?.input);
  const isPlain = needed !== undefined;
  const dated = judged.flatMap(({ column, judgement }) => (judgement.kind === 'date' && !isPlain ? [column] : []));
  const values: Column[] = [];
  const texts: Column[] = [];
  const sequences: Sequence[] = [];
  const constant: { readonly name: string; readonly reason: string }[] = [];
  for (const { column, judgement } of judged) {
    const where = `dataset.columns.${column.name}`;
    if (judgement.kind === 'date' && isPlain) {
      const message = `The column '${column.name}' is left out: it holds dates, and the teacher takes ${teacher?.input ?? 0} values without them.`;
      findings.push(warning(where, message, `Set ${where} to 'ignore' to say that this is right.`));
    } else if (judgement.kind !== 'ignore') (judgement.kind === 'text' ? texts : values).push(column);
    else if (needed?.includes(column) === true) {
      values.push(column);
      findings.push(
        warning(
          where,
          `The column '${column.name}' ${judgement.reason}; it is kept, as the teacher takes ${teacher?.input ?? 0} values.`,
          `Set dataset.columns.${column.name} to 'ignore' to leave it out.`,
        ),
      );
    } else if (judgement.isConstant === true) constant.push({ name: column.name, reason: judgement.reason });
    else if (judgement.isSequence === true) sequences.push({ column, reason: judgement.reason });
    else findings.push(ignored(column.name, judgement.reason));
  }
  findings.push(...ignoredAlike(constant));
  const counted = countedPartsOf(dated, time);
  const isEarlier = teacher?.input !== undefined && widthOfColumns(values, counted, table.count) === teacher.input;
  const dates = isEarlier ? counted : datePartsOf(dated, time);
  return { values, texts, sequences, dates, isPlain: isPlain && teacher?.takesMissing !== true };
}

/** Tells of a column that divides the rows by their order and says no more. */
function onlyOrdersRows({ name }: Column): Finding {
  const where = `dataset.columns.${name}`;
  return information(
    where,
    `The column '${name}' orders the rows in time and is no feature. Set ${where} to 'number' to learn from it as well.`,
  );
}

/** How many values columns become. */
function widthOfColumns(columns: readonly Column[], dates: DateColumns, count: number): number {
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const fitting = { scaled: false, dates, isPlain: false };
  const codes = columns.flatMap((column) => fitColumns(column, rows, fitting));
  return codes.reduce((sum, code) => sum + widthOf(code), 0);
}

/** Tells of a column that is left out. */
export function ignored(name: string, reason: string): Finding {
  return warning(
    `dataset.columns.${name}`,
    `The column '${name}' is left out: it ${reason}.`,
    `Give its kind in dataset.columns to use it all the same, or 'ignore' to say that this is right.`,
  );
}

/** A column of sequences of characters, and why it is left out where other columns say something. */
interface Sequence {
  readonly column: Column;
  readonly reason: string;
}

/** Tells of a sequence of characters that is not learned from, as other columns say something. */
function sequenceLeftOut({ column: { name }, reason }: Sequence): Finding {
  return warning(
    `dataset.columns.${name}`,
    `The column '${name}' is left out: it ${reason}.`,
    `Set dataset.columns to {"${name}": "text"} to learn from its characters instead, or to {"${name}": "ignore"} to say that this is right.`,
  );
}

/** Constant columns, many of which are told at once. */
function ignoredAlike(columns: readonly { readonly name: string; readonly reason: string }[]): readonly Finding[] {
  if (columns.length <= MOST_TOLD) return columns.map(({ name, reason }) => ignored(name, reason));
  const names = columns.slice(0, MOST_TOLD).map(({ name }) => `'${name}'`);
  const message = `${columns.length} columns are left out, as each is the same in every row: ${names.join(', ')}, ….`;
  const hint = "Give their kind in dataset.columns to use them all the same, or 'ignore' to say that this is right.";
  return [warning('dataset.columns', message, hint)];
}

/** Whether a column says what the target says in other words: each value of the one stands beside one of the other. */
function repeats(column: Column, target: Column | undefined, count: number): boolean {
  if (!target) return false;
  const keyOf = (each: Column, row: number): number => (each.kind === 'number' ? each.values : each.codes)[row] ?? NaN;
  const [there, back] = [new Map<number, number>(), new Map<number, number>()];
  for (let row = 0; row < count; row++) {
    const [one, other] = [keyOf(column, row), keyOf(target, row)];
    if ((there.get(one) ?? other) !== other || (back.get(other) ?? one) !== one) return false;
    there.set(one, other);
    back.set(other, one);
  }
  return there.size > 1;
}

/** Whether the numbers of a column are whole and all different. */
function numbersRows(column: Column, count: number): boolean {
  if (column.kind === 'words') return false;
  const values = column.values.subarray(0, count);
  return values.every((value) => Number.isInteger(value)) && new Set(values).size === count;
}

function leftOut(columns: readonly Column[], content: 'values' | 'texts'): readonly Finding[] {
  return columns.map(({ name }) =>
    content === 'texts'
      ? warning(
          `dataset.columns.${name}`,
          `The column '${name}' is left out: the samples are texts.`,
          'A sample is either a text or numbers and categories.',
        )
      : warning(
          `dataset.columns.${name}`,
          `The column '${name}' is left out: it holds texts, and other columns hold numbers or categories.`,
          `Set dataset.columns to {"${name}": "text"} to learn from the text instead.`,
        ),
  );
}

/** Tells in how many of `count` rows each feature has no value, and what stands in for it. */
export function missingValues(
  { features, content, dates, isPlain }: Pick<TablePlan, 'features' | 'content' | 'dates' | 'isPlain'>,
  missingRowsOf: ReadonlyMap<Column, number>,
  count: number,
): readonly Finding[] {
  return features.flatMap((column) => {
    const missing = missingRowsOf.get(column) ?? 0;
    if (missing === 0) return [];
    const mean = 'the mean stands in for them';
    const instead = dates.has(column)
      ? mean
      : column.kind === 'words'
        ? content === 'texts'
          ? 'they are empty texts'
          : 'they are a category of their own'
        : !isPlain && missing >= LEAST_MISSING
          ? `${mean}, and a value of its own says where`
          : mean;
    const share = `${missing} of ${count} values of '${column.name}' are missing`;
    return [information(`dataset.columns.${column.name}`, `${share}; ${instead}.`)];
  });
}
