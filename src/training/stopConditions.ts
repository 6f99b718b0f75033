import type { EndedBy } from '../report/trainingEnd.ts';

/** When a training ends: with whatever comes first. */
export interface StopConditions {
  readonly epochs: number;
  readonly maxSteps?: number | undefined;
  /** Of training itself, over all parts of a run that was resumed. */
  readonly maxMinutes?: number | undefined;
  /** Accuracy on the validation split, 0…1, that is enough. */
  readonly targetAccuracy?: number | undefined;
  /** Epochs without a better one that are borne. */
  readonly patience?: number | undefined;
}

/** Steps of a training that nothing ends early; the learning rate's schedule spans them. */
export function plannedSteps({ epochs, maxSteps = Infinity }: StopConditions, stepsPerEpoch: number): number {
  return Math.min(epochs * stepsPerEpoch, maxSteps);
}

/**
 * The condition that ends a training after a step, also in the middle of an epoch.
 * @param step number of steps done
 */
export function endAfterStep(
  { maxSteps, maxMinutes }: StopConditions,
  { step, seconds }: { readonly step: number; readonly seconds: number },
): EndedBy | undefined {
  if (maxSteps !== undefined && step >= maxSteps) return 'maxSteps';
  if (maxMinutes !== undefined && seconds >= maxMinutes * 60) return 'maxMinutes';
  return undefined;
}

/** The condition that ends a training after an epoch, counted from 1. */
export function endAfterEpoch(
  { epochs, targetAccuracy, patience }: StopConditions,
  {
    epoch,
    bestEpoch,
    accuracy,
  }: { readonly epoch: number; readonly bestEpoch: number; readonly accuracy: number | null },
): EndedBy | undefined {
  if (targetAccuracy !== undefined && accuracy !== null && accuracy >= targetAccuracy) return 'targetAccuracy';
  if (epoch >= epochs) return 'epochs';
  if (patience !== undefined && epoch - bestEpoch >= patience) return 'patience';
  return undefined;
}
