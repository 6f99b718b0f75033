/**
 * Area under the ROC curve: the probability that a positive scores higher than a negative, ties counting half (Hanley & McNeil,
 * Radiology 143, 1982).
 *
 * @returns null without positives or negatives, or where a score is not a number
 */
export function areaUnderCurve(positives: Float64Array, negatives: Float64Array): number | null {
  if (positives.length === 0 || negatives.length === 0) return null;
  if (positives.some(Number.isNaN) || negatives.some(Number.isNaN)) return null;
  const below = negatives.toSorted();
  let smaller = 0;
  let notLarger = 0;
  let wins = 0;
  for (const score of positives.toSorted()) {
    while (smaller < below.length && (below[smaller] ?? NaN) < score) smaller++;
    while (notLarger < below.length && (below[notLarger] ?? NaN) <= score) notLarger++;
    wins += (smaller + notLarger) / 2;
  }
  return wins / (positives.length * negatives.length);
}
