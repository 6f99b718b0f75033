/** Series of one length, and what was done for that. */
export interface EvenSeries {
  /** [samples, channels, length] */
  readonly values: Float32Array;
  /** Missing values between others, and those that were. */
  readonly filled: number;
  /** Samples that were shorter than `length`, and longer. */
  readonly lengthened: number;
  readonly cut: number;
}

/**
 * Brings series to one length: missing values are interpolated between their neighbours, and the last value of shorter series goes on.
 *
 * @param samples for each its channels
 */
export function evenSeries(
  samples: readonly (readonly Float32Array[])[],
  channels: number,
  length: number,
): EvenSeries {
  const values = new Float32Array(samples.length * channels * length);
  let filled = 0;
  let lengthened = 0;
  let cut = 0;
  for (const [sample, own] of samples.entries()) {
    const longest = Math.max(0, ...own.map((channel) => channel.length));
    if (longest < length) lengthened++;
    if (longest > length) cut++;
    for (const [channel, series] of own.entries()) {
      const row = values.subarray((sample * channels + channel) * length).subarray(0, length);
      row.set(series.subarray(0, length));
      filled += interpolate(row, Math.min(series.length, length));
    }
  }
  return { values, filled, lengthened, cut };
}

/**
 * Replaces what is no number among the first `known` values, and goes on with the last.
 * @returns how many were replaced
 */
function interpolate(row: Float32Array, known: number): number {
  let filled = 0;
  let last = -1;
  for (let at = 0; at < known; at++) {
    const value = row[at] ?? NaN;
    if (!Number.isFinite(value)) {
      filled++;
      continue;
    }
    const before = last < 0 ? value : (row[last] ?? 0);
    for (let gap = last + 1; gap < at; gap++) row[gap] = before + ((value - before) * (gap - last)) / (at - last);
    last = at;
  }
  row.fill(last < 0 ? 0 : (row[last] ?? 0), last + 1);
  return filled;
}
