import type { Column } from './column.ts';

/** A number for every row, the same where the column has the same value. */
export function groupsOf(column: Column, count: number): Int32Array {
  if (column.kind === 'words') return column.codes.subarray(0, count);
  const codes = new Map<number, number>();
  return Int32Array.from({ length: count }, (_, row) => {
    const value = column.values[row] ?? NaN;
    const code = codes.get(value) ?? codes.size;
    codes.set(value, code);
    return code;
  });
}
