import type { Column, NumberColumn, Table } from '../tables/column.ts';
import { namesOfNumbers } from './namesBeside.ts';
import type { NpyArray } from './npy.ts';

/** Columns as a table. */
export function tableOf(file: string, count: number, columns: readonly Column[]): Table {
  return { file, count, columns, lineOf: (row) => row + 1, remarks: [] };
}

/** The columns of an array of rows; a list is one column. */
export function columnsOf(
  name: string,
  { shape, values, type }: NpyArray,
  names: readonly string[] = [],
): readonly NumberColumn[] {
  const [count = 0, width = 1] = shape;
  return Array.from({ length: width }, (_, at) => ({
    kind: 'number',
    name: names[at] ?? (width === 1 ? name : `${name}[${at}]`),
    isInteger: /^[iu]/.test(type),
    values: Float64Array.from({ length: count }, (_value, row) => values[row * width + at] ?? NaN),
  }));
}

/** Names for all columns of the samples, where there are as many, other than those of the targets. */
export function featureNames(
  names: readonly string[] | undefined,
  { shape }: NpyArray,
  targets: readonly string[],
): readonly string[] {
  return names?.length === (shape[1] ?? 1) && !names.some((name) => targets.includes(name)) ? names : [];
}

/** What the numbers of labels, or the columns of several, are called; undefined where nothing says it. */
export interface TargetNames {
  readonly numbers: ReadonlyMap<number, string> | undefined;
  readonly columns: readonly string[] | undefined;
}

export function namedTargets(
  classes: readonly string[] | undefined,
  labels: readonly (NpyArray | undefined)[],
): TargetNames {
  const columns = labels.map((each) => targetColumns(each, { numbers: undefined, columns: undefined }));
  const [first = []] = columns;
  const numbers = columns.flat().flatMap((column) => (column.kind === 'number' ? [column.values] : []));
  return {
    numbers: first.length === 1 && first[0]?.kind === 'number' ? namesOfNumbers(classes, numbers) : undefined,
    columns: first.length > 1 && classes?.length === first.length ? classes : undefined,
  };
}

/** Columns of labels; rows of one 1 among zeros are classes by its place. */
export function targetColumns(targets: NpyArray | undefined, names: TargetNames): readonly Column[] {
  if (!targets) return [];
  if (targets.words)
    return [{ kind: 'words', name: 'y', words: targets.words, codes: Int32Array.from(targets.values) }];
  const named = (column: NumberColumn): NumberColumn =>
    names.numbers ? { ...column, written: names.numbers, namesClasses: true } : column;
  const columns = columnsOf('y', targets, names.columns);
  const [count = 0, width = 1] = targets.shape;
  if (width === 1) return columns.map(named);
  const classes = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const values = targets.values.subarray(row * width, (row + 1) * width);
    classes[row] = values.indexOf(1);
    if (values.some((value, at) => value !== (at === classes[row] ? 1 : 0)) || classes[row] === -1) return columns;
  }
  return [named({ kind: 'number', name: 'y', values: classes })];
}
