import type { ModelReport } from '../report/report.ts';

/** In shares; null where there is no accuracy. */
export function accuracyDifference(one: ModelReport, other: ModelReport): number | null {
  const [accuracy, reference] = [one.test.accuracy, other.test.accuracy];
  return accuracy === null || reference === null ? null : accuracy - reference;
}
