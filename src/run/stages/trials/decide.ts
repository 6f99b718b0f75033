import type { SampleScores } from '../../../evaluation/comparison/scoreSamples.ts';

/** A mean difference over samples and its standard deviation. */
export interface Advantage {
  readonly value: number;
  readonly deviation: number;
}

/**
 * How much better one network is than another, sample by sample on the same split.
 * @param isBetterHigher whether scores are right decisions; otherwise they are errors
 */
export function advantageOf(one: SampleScores, other: SampleScores, isBetterHigher: boolean): Advantage {
  const sign = isBetterHigher ? 1 : -1;
  const differences: number[] = [];
  one.sums.forEach((sum, sample) => {
    const count = one.counts[sample] ?? 0;
    if (count > 0) differences.push((sign * (sum - (other.sums[sample] ?? 0))) / count);
  });
  const { length } = differences;
  if (length < 2) return { value: 0, deviation: Infinity };
  const value = differences.reduce((total, each) => total + each, 0) / length;
  const variance = differences.reduce((total, each) => total + (each - value) ** 2, 0) / (length - 1);
  // Two networks that decide alike on a few samples may still differ on others: as if one more sample spoke against.
  return { value, deviation: Math.max(Math.sqrt(variance / length), isBetterHigher ? 1 / length : 0) };
}

/** A candidate of the last round against the safe one. */
export interface Finalist {
  readonly name: string;
  readonly advantage: Advantage;
}

/** What is taken, and why. */
export interface Decision {
  readonly chosen: string;
  readonly reason: 'best' | 'safe' | 'teacher-no-better' | 'alone-better';
}

/** Of several candidates one is a standard error ahead by chance; those that were taken for that did worse in the end than the safe one. */
const CLEAR = 2;

/**
 * Takes the best candidate where it is better than the safe one by more than two standard errors, or one for the labels alone; otherwise the safe
 * one. It is the labels alone, too, where the teacher is no better than they are.
 */
export function decide(
  safe: string,
  alone: Finalist | undefined,
  others: readonly Finalist[],
  /** The teacher's over the labels alone; undefined where there are no labels. */
  teacher: Advantage | undefined,
): Decision {
  if (alone && teacher && teacher.value <= 0) return { chosen: alone.name, reason: 'teacher-no-better' };
  const isAhead = ({ advantage }: Finalist, errors: number): boolean => advantage.value > errors * advantage.deviation;
  const clear = [
    ...others.filter((other) => isAhead(other, CLEAR)),
    ...(alone && isAhead(alone, 1) ? [alone] : []),
  ].toSorted((one, other) => other.advantage.value - one.advantage.value);
  const [best] = clear;
  if (!best) return { chosen: safe, reason: 'safe' };
  return { chosen: best.name, reason: best.name === alone?.name ? 'alone-better' : 'best' };
}

/**
 * Whether a run ends with the student that was taught rather than with the same one that learned from the labels alone, both trained to
 * their ends: with a teacher that is clearly better it is enough not to be worse; with any other one the gain has to be clear. From a teacher
 * that knows more than the student's labels tell students nearly always gain more than a validation split can tell: any better one is
 * enough unless the student is clearly worse.
 *
 * @param taught the student's over the labels alone
 * @param teacher the teacher's over the labels alone
 * @param knowsMore whether the teacher has learned from other samples than the student's, or tells of samples without labels
 */
export function isTaughtKept(taught: Advantage, teacher: Advantage, knowsMore: boolean): boolean {
  if (knowsMore && teacher.value > 0) return taught.value >= -taught.deviation;
  return teacher.value > teacher.deviation ? taught.value >= 0 : taught.value > taught.deviation;
}
