import type { Interval } from '../report/quality.ts';

/** 97.5 % quantiles of Student's t-distribution with 1, 2, … degrees of freedom. */
const quantiles: readonly number[] = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314,
  2.1199, 2.1098, 2.1009, 2.093,
];

/** The most values that `meanInterval` takes. */
export const MOST_VALUES = quantiles.length + 1;

/**
 * The mean of independent measurements with its 95 % confidence interval by Student's t-distribution, which supposes that they
 * are about normally distributed.
 *
 * @param values 2 to 20 of them
 * @param shared what measurements that learned from the same samples add to the variance of their mean, in units of their own: the samples that each was judged on
 *   over those that it learned from (Nadeau and Bengio, "Inference for the generalization error", 2003)
 * @returns null for fewer than two values, which have no spread
 */
export function meanInterval(values: readonly number[], shared = 0): Interval | null {
  const count = values.length;
  const quantile = quantiles[count - 2];
  if (quantile === undefined) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const reach = quantile * Math.sqrt(variance * (1 / count + shared));
  return { value: mean, low: mean - reach, high: mean + reach };
}
