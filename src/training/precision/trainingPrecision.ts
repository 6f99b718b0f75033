import { usualLossScale, type LossScaleOptions } from './lossScale.ts';

/**
 * What a network and its gradients are computed in while it is trained. Weights, losses and updates are always float32. In bfloat16 are the
 * factors of products of matrices alone, on the CPU.
 */
export type TrainingPrecision = 'float32' | 'float16' | 'bfloat16';

/** How the loss is scaled under a precision; in float32 it is not. */
export function lossScaleOf(precision: TrainingPrecision | undefined): LossScaleOptions | undefined {
  return precision === 'float16' ? usualLossScale : undefined;
}
