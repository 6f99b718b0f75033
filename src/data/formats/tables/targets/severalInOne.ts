import { warning, type Finding } from '../../../findings/finding.ts';
import { listOf } from '../../../findings/wording.ts';
import type { Task } from '../../../task.ts';
import type { Column, Table } from '../column.ts';

/** Columns of which one is 1 in every row are one class from so many on. */
const LEAST_PARTS = 3;
/** What stands between the labels of a cell. */
const BETWEEN_LABELS = /\s*[|;]\s*|,\s*/;
/** A list as JSON or Python write it. */
const LIST = /^\[(.*)\]$/s;

/** Of cells whose labels stand behind blanks, some have so many. */
const MANY_LABELS = 3;

/** The labels of a cell, in the order in which it has them. */
export type LabelReader = (cell: string) => readonly string[];

/**
 * How the labels of the cells of a column are read: `c|linux`, `c, linux`, `["c", "linux"]`, `['c', 'linux']`; or `c linux` where no cell has any other form, and the
 * cells are numbers, or some have three labels and more, all of which occur in other cells, too.
 */
export function labelReader(cells: readonly string[]): LabelReader {
  return areBehindBlanks(cells) ? (cell) => wordsOf(cell) : labelsIn;
}

function areBehindBlanks(cells: readonly string[]): boolean {
  const several = cells.filter((cell) => /\S\s+\S/.test(cell));
  if (several.length === 0 || cells.some((cell) => LIST.test(cell.trim()) || labelsIn(cell).length > 1)) return false;
  if (cells.every((cell) => /^[\d\s]*$/.test(cell))) return true;
  const found = new Map<string, number>();
  for (const word of cells.flatMap((cell) => [...new Set(wordsOf(cell))])) found.set(word, (found.get(word) ?? 0) + 1);
  return (
    found.size < cells.length &&
    several.some((cell) => wordsOf(cell).length >= MANY_LABELS) &&
    several.every((cell) => wordsOf(cell).every((word) => /^[\w-]+$/.test(word) && (found.get(word) ?? 0) > 1))
  );
}

function wordsOf(cell: string): readonly string[] {
  return cell.split(/\s+/).filter((word) => word !== '');
}

function labelsIn(cell: string): readonly string[] {
  const text = cell.trim();
  const inner = LIST.exec(text)?.[1];
  const parts = (inner === undefined ? undefined : listOfJson(text)) ?? (inner ?? text).split(BETWEEN_LABELS);
  const labels = inner === undefined ? parts : parts.map((part) => part.trim().replace(/^(['"])(.*)\1$/s, '$2'));
  return labels.filter((label) => label !== '');
}

function listOfJson(text: string): readonly string[] | undefined {
  try {
    const list = JSON.parse(text) as readonly unknown[];
    return list.map(String);
  } catch {
    return undefined;
  }
}

/** How far probabilities that were rounded may be from adding up to 1, each. */
const ROUNDING = 0.005;

/** Warns of a target that is a part of what is meant: one of the columns that a class, or the probabilities of classes, were spread over. */
export function partOfClass(table: Table, target: Column): readonly Finding[] {
  const isBinary = columnsOf(table, (value) => value === 0 || value === 1);
  const oneHot = partsOf(table, target, isBinary, (sum) => sum === 1);
  if (oneHot) {
    const message = `One of ${listOf(oneHot)} is 1 in every row, so that they are one class together; '${target.name}' is only whether it is that one, which the others give away.`;
    const hint = `Set dataset.target to ${JSON.stringify(oneHot)} to predict all of them, or make them one column of words.`;
    return [warning('dataset.target', message, hint)];
  }
  const isShare = columnsOf(table, (value) => value >= 0 && value <= 1);
  const shares = partsOf(table, target, isShare, (sum, parts) => Math.abs(sum - 1) <= ROUNDING * parts);
  if (!shares) return [];
  const message = `The numbers of ${listOf(shares)} add up to 1 in every row, as probabilities of classes do; '${target.name}' is only one of them.`;
  return [
    warning('dataset.target', message, `Set dataset.target to ${JSON.stringify(shares)} to predict all of them.`),
  ];
}

/** Whether every value of a column is such a number. */
function columnsOf({ count }: Table, isSuch: (value: number) => boolean): (column: Column | undefined) => boolean {
  return (column) => column?.kind === 'number' && column.values.subarray(0, count).every(isSuch);
}

/** The names of columns side by side, the target among them, that add up in every row; undefined where there are none. */
function partsOf(
  { columns, count }: Table,
  target: Column,
  mayBePart: (column: Column | undefined) => boolean,
  isWhole: (sum: number, parts: number) => boolean,
): readonly string[] | undefined {
  const at = columns.indexOf(target);
  if (!mayBePart(target)) return undefined;
  let [first, end] = [at, at + 1];
  while (mayBePart(columns[first - 1])) first--;
  while (mayBePart(columns[end])) end++;
  // Other such columns may stand before them.
  for (; at - first >= 0 && end - first >= LEAST_PARTS; first++) {
    const parts = columns.slice(first, end);
    if (addUp(parts, count, (sum) => isWhole(sum, parts.length))) return parts.map(({ name }) => name);
  }
  return undefined;
}

function addUp(columns: readonly Column[], count: number, isWhole: (sum: number) => boolean): boolean {
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (const column of columns) sum += column.kind === 'number' ? (column.values[row] ?? 0) : 0;
    if (!isWhole(sum)) return false;
  }
  return true;
}

/** Warns of classes that are several labels in one cell, such as `c|linux` beside `c`. */
export function labelsInCells(task: Task, [column]: readonly Column[]): readonly Finding[] {
  if (task.kind !== 'classification' || !column) return [];
  const parts = task.classes.map(labelReader(task.classes));
  const several = parts.flatMap((labels, index) => (labels.length > 1 ? [index] : []));
  const found = new Map<string, number>();
  for (const label of parts.flatMap((labels) => [...new Set(labels)])) found.set(label, (found.get(label) ?? 0) + 1);
  const isShared = several.some((index) => parts[index]?.some((label) => (found.get(label) ?? 0) > 1));
  const [first] = several;
  if (first === undefined || !isShared) return [];
  const message = `The column '${column.name}' has several labels in one cell ('${task.classes[first] ?? ''}'); each combination is taken for a class of its own.`;
  return [warning('dataset.target', message, "Set dataset.task to 'multi-label' to predict each label on its own.")];
}
