/**
 * What a tree makes small by its splits. With distributions q as targets, of which labels are a special case:
 * - `gini`: E|q|² − |E q|², which for labels is 1 − Σ p²; for numbers it is the variance, summed over them (`squared-error`);
 * - `entropy`: H(E q) − E H(q), in nats, which for labels is the entropy of the classes: the mean KL divergence from the targets.
 *
 * Targets that are all alike have 0 in either, however uncertain each of them is.
 */
export type Criterion = 'gini' | 'entropy';

/** How much less than nothing known: the part of a criterion that changes with a split, larger where a side is purer. */
export function purity(criterion: Criterion, weight: number, targets: Float64Array): number {
  if (weight <= 0) return 0;
  let sum = 0;
  if (criterion === 'gini') {
    for (const each of targets) sum += each * each;
    return sum / weight;
  }
  for (const each of targets) if (each > 0) sum += each * Math.log(each / weight);
  return sum;
}

/** What of a row's target no split changes: |q|², or −H(q). */
export function purityOfRow(criterion: Criterion, values: Float32Array, start: number, width: number): number {
  let sum = 0;
  for (let index = start; index < start + width; index++) {
    const each = values[index] ?? 0;
    if (criterion === 'gini') sum += each * each;
    else if (each > 0) sum += each * Math.log(each);
  }
  return sum;
}
