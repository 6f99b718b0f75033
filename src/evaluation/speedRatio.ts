import type { Interval } from '../report/quality.ts';
import { quantile, type Timings } from './latency.ts';

/** Two networks whose speeds are compared: how many times faster `faster` is than `slower`, by their names. */
export interface ComparedPair {
  readonly slower: string;
  readonly faster: string;
}

/** Fewer rounds than this have no interval: that of 95 % would reach beyond the least and the largest of them. */
const FEWEST_FOR_INTERVAL = 6;

/**
 * How many times faster one network is than another: the median over the rounds of the ratio of what both took in the same round, so that
 * what slows down both alike cancels out, with the 95 % interval of a median by order statistics (Hettmansperger & McKean, Robust
 * Nonparametric Statistical Methods, 1998, chapter 1), which supposes nothing of how times are distributed.
 *
 * @param slower milliseconds by round
 * @param faster the same of the other network
 * @returns null for fewer than 6 rounds
 */
export function speedRatio(slower: readonly number[], faster: readonly number[]): Interval | null {
  const ratios = slower
    .map((milliseconds, round) => milliseconds / (faster[round] ?? NaN))
    .filter((ratio) => Number.isFinite(ratio) && ratio > 0)
    .sort((a, b) => a - b);
  const count = ratios.length;
  if (count < FEWEST_FOR_INTERVAL) return null;
  // The number of ratios below the median is binomial; its normal approximation with a correction for continuity.
  const below = Math.max(0, Math.floor(count / 2 - 0.98 * Math.sqrt(count) - 0.5));
  const [low, high] = [ratios[below] ?? NaN, ratios[count - 1 - below] ?? NaN];
  return { value: quantile(ratios, 0.5), low, high };
}

export interface EnoughOptions {
  readonly pairs: readonly ComparedPair[];
  /** Milliseconds after which no round begins any more, however wide intervals are. */
  readonly limitMs: number;
}

/** An interval whose ends are so near that their ratio is at most this is narrow: the figure is known to about 5 %. */
const NARROW = 1.1;
const ROUNDS = { fewest: 5, enough: 200, most: 2000 };
/** The share of the time limit after which fewer rounds will do, too. */
const EARLY_SHARE = 0.4;

/**
 * Whether networks were timed often enough: all ratios of speeds are known to about 5 %, after 200 rounds or two fifths of the time limit; or
 * the time is over.
 */
export function isTimedEnough(timings: Timings, elapsedMs: number, { pairs, limitMs }: EnoughOptions): boolean {
  const rounds = Math.min(...[...timings.values()].map(({ length }) => length));
  if (rounds >= ROUNDS.most || timings.size === 0) return true;
  if (rounds < ROUNDS.fewest) return false;
  if (elapsedMs >= limitMs) return true;
  const mayEnd = rounds >= ROUNDS.enough || elapsedMs >= EARLY_SHARE * limitMs;
  // Sorting after every round would take longer than small networks do.
  if (!mayEnd || (rounds > ROUNDS.enough && rounds % 20 !== 0)) return false;
  return pairs.every((pair) => isNarrow(ratioOfPair(timings, pair)));
}

/** The ratio of the speeds of a pair; null where one of the two was not timed, or too seldom. */
export function ratioOfPair(timings: Timings, { slower, faster }: ComparedPair): Interval | null {
  const [ofSlower, ofFaster] = [timings.get(slower), timings.get(faster)];
  return ofSlower && ofFaster ? speedRatio(ofSlower, ofFaster) : null;
}

function isNarrow(interval: Interval | null): boolean {
  return interval !== null && interval.high / interval.low <= NARROW;
}
