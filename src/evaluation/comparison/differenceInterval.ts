import type { Random } from '../../data/random.ts';
import type { Interval } from '../../report/quality.ts';
import { bootstrapDifference } from './bootstrap.ts';
import type { SampleScores } from './scoreSamples.ts';

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959964;

/**
 * Difference of two means over the same samples with its 95 % interval. Where every sample is one decision, right or wrong, it follows from how
 * many samples only the one and only the other decides rightly (Bonett & Price, "Adjusted Wald confidence interval for a difference of binomial
 * proportions based on paired data", 2012): with few samples, or few that the two decide differently, resamples would be alike, and a bootstrap
 * sure of what a single sample says. Everything else is bootstrapped.
 *
 * @returns one − other; null where nothing was scored
 */
export function differenceInterval(one: SampleScores, other: SampleScores, random: Random): Interval | null {
  return decisionDifference(one, other) ?? bootstrapDifference(one, other, random);
}

/** Undefined where samples are more than one decision, or none. */
function decisionDifference(one: SampleScores, other: SampleScores): Interval | undefined {
  let [count, onlyOne, onlyOther] = [0, 0, 0];
  for (const [sample, decisions] of one.counts.entries()) {
    if (decisions === 0) continue;
    const [score, reference] = [one.sums[sample] ?? NaN, other.sums[sample] ?? NaN];
    if (decisions !== 1 || !isDecision(score) || !isDecision(reference)) return undefined;
    count++;
    if (score > reference) onlyOne++;
    if (score < reference) onlyOther++;
  }
  if (count === 0) return undefined;
  const [share, shareOther] = [(onlyOne + 1) / (count + 2), (onlyOther + 1) / (count + 2)];
  const middle = share - shareOther;
  const reach = Z * Math.sqrt((share + shareOther - middle ** 2) / (count + 2));
  return { value: (onlyOne - onlyOther) / count, low: Math.max(-1, middle - reach), high: Math.min(1, middle + reach) };
}

function isDecision(score: number): boolean {
  return score === 0 || score === 1;
}
