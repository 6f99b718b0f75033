import type { TargetQuality } from '../../report/quality.ts';
import { deviationMetrics } from '../deviation.ts';

/** A number that is predicted, and its deviation by which it was divided; 1 where it was not. */
export interface PredictedTarget {
  readonly name: string;
  readonly std: number;
}

/**
 * How far each predicted number is off, in its own unit.
 *
 * @param outputs row-major [samples, targets], scaled as the network gives them
 * @param truth the same
 */
export function targetQualities(
  outputs: Float32Array,
  truth: Float32Array,
  targets: readonly PredictedTarget[],
): readonly TargetQuality[] {
  return targets.map(({ name, std }, column) => {
    const own = (values: Float32Array): Float32Array => values.filter((_, index) => index % targets.length === column);
    const { deviation } = deviationMetrics(own(outputs), own(truth), 1);
    return {
      name,
      meanAbsoluteError: (deviation?.meanAbsoluteError ?? NaN) * std,
      rootMeanSquaredError: (deviation?.rootMeanSquaredError ?? NaN) * std,
      determination: deviation?.determination ?? NaN,
    };
  });
}
