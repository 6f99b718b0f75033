import type { Split } from '../data/dataset.ts';
import type { Predictor, PredictOptions } from '../training/engines/predictor.ts';

/** Whether outputs are probabilities: every row within 0…1 and summing to 1. */
export function areProbabilities(outputs: Float32Array, classes: number): boolean {
  for (let start = 0; start < outputs.length; start += classes) {
    let sum = 0;
    for (let index = start; index < start + classes; index++) {
      const value = outputs[index] ?? NaN;
      if (!(value >= 0 && value <= 1)) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > 1e-3) return false;
  }
  return outputs.length > 0;
}

/**
 * Logits of outputs that are probabilities: their logarithms, whose softmax they are. Zeros become the smallest normal
 * float32, so that no logit is infinite.
 */
export function logitsOfProbabilities(probabilities: Float32Array): Float32Array {
  return probabilities.map((probability) => Math.log(Math.max(probability, 1.17549435e-38)));
}

/** A teacher's logits for every sample of a split, [count, classes]. */
export async function computeTeacherLogits(
  predictor: Predictor,
  split: Split,
  classes: number,
  options: PredictOptions,
): Promise<Float32Array> {
  const outputs = await predictor.predict(split, options);
  return areProbabilities(outputs, classes) ? logitsOfProbabilities(outputs) : outputs;
}
