import type { Problem } from '../../errors.ts';
import { precisionOf } from '../../experiment/precisionOf.ts';
import type { Experiment } from '../../experiment/schema.ts';

/** What gradients cannot be accumulated with. */
export function checkAccumulation({ training, teacher, engine }: Experiment): readonly Problem[] {
  if ((training.accumulate ?? 1) === 1) return [];
  const where = 'training.accumulate';
  if (engine === 'tensorflow') {
    const message = "The engine 'tensorflow' updates the weights after every batch.";
    return [{ where, message, hint: "Leave this out, or choose the engine 'onnxruntime'." }];
  }
  if (precisionOf({ teacher, training }) === 'float16') {
    const message = 'In float16 every batch has a scale of its own, and its gradients cannot be averaged with others.';
    return [{ where, message, hint: "Leave this out, or choose the precision 'float32'." }];
  }
  return [];
}
