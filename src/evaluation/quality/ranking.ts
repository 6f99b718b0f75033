import type { ClassQuality } from '../../report/quality.ts';
import { mean } from './mean.ts';

type Ranking = Pick<ClassQuality, 'areaUnderCurve' | 'averagePrecision'>;

/**
 * How well the scores of a class tell its samples from all others, whatever the threshold:
 *
 * - area under the ROC curve: the probability that a positive scores higher than a negative, ties counting half (Hanley & McNeil,
 *   Radiology 143, 1982); null without positives or negatives;
 * - average precision: the precision at every score that a positive has, weighted by the recall that it adds, ties taken together, as
 *   scikit-learn's `average_precision_score` does; null without positives.
 *
 * Both are null where a score is not a number. Only the positives are put in order, which are few where there are many classes.
 *
 * @param scores of all samples
 * @param belongs 1 where a sample belongs to the class, else 0
 */
export function rankingOf(scores: Float64Array, belongs: Uint8Array): Ranking {
  if (scores.some(Number.isNaN)) return { areaUnderCurve: null, averagePrecision: null };
  const positives = scores.filter((_, sample) => belongs[sample] === 1).sort();
  const negatives = scores.length - positives.length;
  if (positives.length === 0) return { areaUnderCurve: null, averagePrecision: null };
  let wins = 0;
  /** Negatives that score as high as so many of the positives, and no higher than that. */
  const reached = new Float64Array(positives.length + 1);
  for (let sample = 0; sample < scores.length; sample++) {
    if (belongs[sample] === 1) continue;
    const score = scores[sample] ?? NaN;
    const below = countBelow(positives, score, false);
    const notAbove = countBelow(positives, score, true);
    wins += positives.length - (below + notAbove) / 2;
    reached[notAbove] = (reached[notAbove] ?? 0) + 1;
  }
  return {
    areaUnderCurve: negatives === 0 ? null : wins / (positives.length * negatives),
    averagePrecision: averagePrecision(positives, reached),
  };
}

/** @param positives in order @param reached negatives that score as high as so many of them, and no higher */
function averagePrecision(positives: Float64Array, reached: Float64Array): number {
  let sum = 0;
  let above = 0;
  let chosen = 0;
  for (let at = positives.length; at > 0;) {
    const score = positives[at - 1];
    const last = at;
    for (; at > 0 && positives[at - 1] === score; at--) above += reached[at] ?? 0;
    chosen = positives.length - at;
    sum += ((last - at) * chosen) / (chosen + above);
  }
  return sum / positives.length;
}

/** How many of numbers in order are less than another, or `orEqual`. */
function countBelow(ordered: Float64Array, number: number, orEqual: boolean): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = ordered[middle] ?? NaN;
    if (found < number || (orEqual && found === number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Mean area under the ROC curve of the classes that have one. */
export function meanArea(classes: readonly ClassQuality[]): number | null {
  return mean(classes.flatMap(({ areaUnderCurve }) => areaUnderCurve ?? []));
}
