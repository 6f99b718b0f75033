import type { Interval } from '../report/quality.ts';

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959964;

/**
 * The 95 % interval of a share of `right` among `count` independent decisions (Wilson, "Probable inference, the law of succession,
 * and statistical inference", 1927); null where nothing was decided.
 */
export function shareInterval(right: number, count: number): Interval | null {
  if (count === 0) return null;
  const share = right / count;
  const middle = (share + Z ** 2 / (2 * count)) / (1 + Z ** 2 / count);
  const reach = (Z / (1 + Z ** 2 / count)) * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2));
  return { value: share, low: middle - reach, high: middle + reach };
}

/**
 * The difference of two shares of different samples, with its 95 % interval (Newcombe, "Interval estimation for the difference
 * between independent proportions", 1998, method 10).
 * @returns one − other
 */
export function shareDifference(one: Interval, other: Interval): Interval {
  const value = one.value - other.value;
  return {
    value,
    low: value - Math.hypot(one.value - one.low, other.high - other.value),
    high: value + Math.hypot(one.high - one.value, other.value - other.low),
  };
}
