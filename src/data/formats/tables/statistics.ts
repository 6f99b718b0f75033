/** Where the values of one column lie in an array: at `offset` in every row of `width` values. */
export interface ColumnPlace {
  readonly offset: number;
  readonly width: number;
}

/** Mean and standard deviation (of a whole population) of the values that there are, and how many; NaN where there are none. */
export interface NumberStatistics {
  readonly mean: number;
  readonly std: number;
  readonly count: number;
}

/** What there is to say of a column over `rows`. Values that are NaN do not count. */
export function meanAndDeviation(
  values: Float64Array | Float32Array,
  { offset, width }: ColumnPlace,
  rows: Int32Array,
): NumberStatistics {
  let sum = 0;
  let count = 0;
  for (const row of rows) {
    const value = values[row * width + offset] ?? NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  const mean = sum / count;
  let squares = 0;
  for (const row of rows) {
    const value = values[row * width + offset] ?? NaN;
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  return { mean, std: Math.sqrt(squares / count), count };
}
