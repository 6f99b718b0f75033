import type { ClassQuality } from '../../report/quality.ts';
import { areaUnderCurve } from './areaUnderCurve.ts';
import { averagePrecision } from './averagePrecision.ts';
import { mean } from './mean.ts';

/** How well the scores of a class tell its samples from all others, whatever the threshold. */
export function rankingOf(
  positives: Float64Array,
  negatives: Float64Array,
): Pick<ClassQuality, 'areaUnderCurve' | 'averagePrecision'> {
  return {
    areaUnderCurve: areaUnderCurve(positives, negatives),
    averagePrecision: averagePrecision(positives, negatives),
  };
}

/** Mean area under the ROC curve of the classes that have one. */
export function meanArea(classes: readonly ClassQuality[]): number | null {
  return mean(classes.flatMap(({ areaUnderCurve }) => areaUnderCurve ?? []));
}
