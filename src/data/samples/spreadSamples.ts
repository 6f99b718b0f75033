/** Indices of at most `most` of `count` samples, as far apart as can be: data are often sorted by class. */
export function spreadSamples(count: number, most: number): readonly number[] {
  const chosen = Math.min(most, count);
  return Array.from({ length: chosen }, (_, index) => Math.floor((index * count) / chosen));
}
