import type { Column, Table } from './column.ts';

/** What a float32 holds at most, which networks compute with. */
export const LARGEST = 3.4028234663852886e38;

/** The table with numbers that are infinite, or too large for a network, as missing values, which is told. */
export function withoutHuge(table: Table): Table {
  const remarks: string[] = [];
  const columns = table.columns.map((column): Column => {
    if (column.kind !== 'number') return column;
    const { name, values } = column;
    const first = firstHuge(values, table.count);
    if (first < 0) return column;
    const kept = values.map((value) => (Math.abs(value) > LARGEST ? NaN : value));
    remarks.push(
      `In the column '${name}' of ${table.file}, ${values[first] ?? NaN} (line ${table.lineOf(first)}) and what else is larger than a network can hold count as missing values.`,
    );
    return { ...column, values: kept };
  });
  // Of all rows, and not of a sample, it is told when they are read.
  if (table.sampledFrom !== undefined) return { ...table, columns };
  return remarks.length === 0 ? table : { ...table, columns, remarks: [...table.remarks, ...remarks] };
}

function firstHuge(values: Float64Array, count: number): number {
  for (let row = 0; row < count; row++) if (Math.abs(values[row] ?? 0) > LARGEST) return row;
  return -1;
}
