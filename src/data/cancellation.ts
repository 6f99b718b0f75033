import { DistilleryError } from '../errors.ts';

/** @throws DistilleryError (`CANCELLED`) when the person stopped the run */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DistilleryError('CANCELLED', 'Opening the dataset was cancelled.');
}
