import { warning, type Finding } from '../../../findings/finding.ts';
import { listOf } from '../../../findings/wording.ts';
import type { Task } from '../../../task.ts';
import type { Column, Table } from '../column.ts';

/** Columns of which one is 1 in every row are one class from so many on. */
const LEAST_PARTS = 3;
/** What stands between the labels of a cell. */
export const BETWEEN_LABELS = /\s*[|;]\s*|,\s*/;

/** Warns of a target that is a part of what is meant: one of the columns that a class was spread over. */
export function partOfClass({ columns, count }: Table, target: Column): readonly Finding[] {
  const at = columns.indexOf(target);
  const isBinary = (column: Column | undefined): boolean =>
    column?.kind === 'number' && column.values.subarray(0, count).every((value) => value === 0 || value === 1);
  if (!isBinary(target)) return [];
  let [first, end] = [at, at + 1];
  while (isBinary(columns[first - 1])) first--;
  while (isBinary(columns[end])) end++;
  // Other columns of 0 and 1 may stand before them.
  for (; at - first >= 0 && end - first >= LEAST_PARTS; first++) {
    const parts = columns.slice(first, end);
    if (!haveOneEach(parts, count)) continue;
    const names = parts.map(({ name }) => name);
    const message = `One of ${listOf(names)} is 1 in every row, so that they are one class together; '${target.name}' is only whether it is that one, which the others give away.`;
    const hint = `Set dataset.target to ${JSON.stringify(names)} to predict all of them, or make them one column of words.`;
    return [warning('dataset.target', message, hint)];
  }
  return [];
}

function haveOneEach(columns: readonly Column[], count: number): boolean {
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (const column of columns) sum += column.kind === 'number' ? (column.values[row] ?? 0) : 0;
    if (sum !== 1) return false;
  }
  return true;
}

/** Warns of classes that are several labels in one cell, such as `c|linux` beside `c`. */
export function labelsInCells(task: Task, [column]: readonly Column[]): readonly Finding[] {
  if (task.kind !== 'classification' || !column) return [];
  const parts = task.classes.map((name) => name.split(BETWEEN_LABELS).filter((part) => part !== ''));
  const several = parts.flatMap((labels, index) => (labels.length > 1 ? [index] : []));
  const found = new Map<string, number>();
  for (const label of parts.flatMap((labels) => [...new Set(labels)])) found.set(label, (found.get(label) ?? 0) + 1);
  const isShared = several.some((index) => parts[index]?.some((label) => (found.get(label) ?? 0) > 1));
  const [first] = several;
  if (first === undefined || !isShared) return [];
  const message = `The column '${column.name}' has several labels in one cell ('${task.classes[first] ?? ''}'); each combination is taken for a class of its own.`;
  return [warning('dataset.target', message, "Set dataset.task to 'multi-label' to predict each label on its own.")];
}
