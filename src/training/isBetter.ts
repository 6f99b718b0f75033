import type { Quality } from '../report/quality.ts';

/** Whether an epoch is better than the best before it: by accuracy, and by loss where that is the same or there is none. */
export function isBetter(quality: Quality, best: Quality): boolean {
  const [accuracy, former] = [quality.accuracy ?? 0, best.accuracy ?? 0];
  return accuracy > former || (accuracy === former && quality.loss < best.loss);
}
