/** Mean and standard deviation (of a whole population) of values; NaN for none. Values that are NaN do not count. */
export function meanAndDeviation(
  rows: Int32Array,
  valueOf: (row: number) => number,
): { readonly mean: number; readonly std: number; readonly count: number } {
  let sum = 0;
  let count = 0;
  for (const row of rows) {
    const value = valueOf(row);
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  const mean = sum / count;
  let squares = 0;
  for (const row of rows) {
    const value = valueOf(row);
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  return { mean, std: Math.sqrt(squares / count), count };
}
