/**
 * Average precision: the precision at every score that a positive has, weighted by the recall that it adds; ties are taken together, as
 * scikit-learn's `average_precision_score` does.
 *
 * @returns null without positives, or where a score is not a number
 */
export function averagePrecision(positives: Float64Array, negatives: Float64Array): number | null {
  if (positives.length === 0) return null;
  if (positives.some(Number.isNaN) || negatives.some(Number.isNaN)) return null;
  const right = positives.toSorted().reverse();
  const wrong = negatives.toSorted().reverse();
  let sum = 0;
  let above = 0;
  for (let at = 0; at < right.length;) {
    const score = right[at] ?? NaN;
    let end = at;
    while (end < right.length && right[end] === score) end++;
    while (above < wrong.length && (wrong[above] ?? NaN) >= score) above++;
    sum += ((end - at) * end) / (end + above);
    at = end;
  }
  return sum / positives.length;
}
