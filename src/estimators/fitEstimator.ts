import type { EstimatorOptions, FittedEstimator } from './estimator.ts';
import type { FitData, FitWatch } from './fitData.ts';
import { fitBoosting } from './boosting/fitBoosting.ts';
import { fitForest } from './forest/fitForest.ts';
import { fitLinear } from './linear/fitLinear.ts';
import { fitSvm } from './linear/fitSvm.ts';
import { fitTree } from './tree/fitTree.ts';

/** What a fit is made of. */
export interface Fit {
  readonly training: FitData;
  /** What is not learned from, and decides how far the fit goes. */
  readonly validation: FitData;
  /** Decides whatever is drawn. */
  readonly seed: number;
  readonly watch: FitWatch;
}

/**
 * Fits an estimator. The same options, data and seed give the same one.
 * @throws DistilleryError `CANCELLED` when the watch says so
 */
export function fitEstimator(
  options: EstimatorOptions,
  { training, validation, seed, watch }: Fit,
): Promise<FittedEstimator> {
  switch (options.architecture) {
    case 'decision-tree':
      return fitTree(options, training, validation, watch);
    case 'random-forest':
      return fitForest(options, training, seed, watch);
    case 'linear':
      return fitLinear(options, training, watch);
    case 'svm':
      return fitSvm(options, training, validation, { seed, watch });
    case 'gradient-boosting':
      return fitBoosting(options, training, validation, watch);
  }
}
