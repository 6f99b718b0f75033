import type { Random } from '../../data/random.ts';
import type { Interval } from '../../report/quality.ts';
import type { SampleScores } from './scoreSamples.ts';

/** Samples drawn for one interval, about: as many resamples as that allows. */
const DRAWS = 1e7;
const RESAMPLES = { fewest: 200, most: 1000 };

/**
 * Difference of two means over the same samples, with the 95 % percentile interval of a paired bootstrap (Efron & Tibshirani,
 * An Introduction to the Bootstrap, 1993, chapter 13): samples, with all that belongs to them, are drawn with replacement.
 *
 * @returns one − other; null where nothing was scored
 */
export function bootstrapDifference(one: SampleScores, other: SampleScores, random: Random): Interval | null {
  const { counts } = one;
  const differences = one.sums.map((sum, sample) => sum - (other.sums[sample] ?? NaN));
  const count = counts.reduce((total, each) => total + each, 0);
  if (count === 0) return null;
  const value = differences.reduce((total, each) => total + each, 0) / count;
  const samples = counts.length;
  const resamples = Math.min(RESAMPLES.most, Math.max(RESAMPLES.fewest, Math.floor(DRAWS / samples)));
  const drawn = Float64Array.from({ length: resamples }, () => {
    let [sum, drawnCount] = [0, 0];
    for (let draw = 0; draw < samples; draw++) {
      const sample = random.integer(samples);
      sum += differences[sample] ?? NaN;
      drawnCount += counts[sample] ?? 0;
    }
    return drawnCount === 0 ? value : sum / drawnCount;
  }).sort();
  const at = (share: number): number => drawn[Math.round(share * (resamples - 1))] ?? value;
  return { value, low: at(0.025), high: at(0.975) };
}
