import { DistilleryError } from '../errors.ts';
import type { SplitMetrics } from '../report/report.ts';

/** Smallest probability whose logarithm is taken, the machine epsilon of float64; scikit-learn's `log_loss` uses the same. */
export const SMALLEST_PROBABILITY = 2 ** -52;

/**
 * Accuracy, errors, mean cross-entropy and recall per class of a network's outputs on a split, in double precision.
 *
 * @param outputs row-major [samples, classes]: logits, or probabilities (clipped at 2⁻⁵² and normalised by row)
 * @param labels class index of every sample
 * @throws DistilleryError when there are no samples, or outputs and labels do not belong together
 */
export function classificationMetrics(
  outputs: Float32Array,
  labels: Int32Array,
  classes: number,
  options: { readonly outputs: 'logits' | 'probabilities' },
): SplitMetrics {
  const samples = labels.length;
  if (samples === 0) throw new DistilleryError('INTERNAL', 'A split without samples has no metrics.');
  if (outputs.length !== samples * classes) {
    throw new DistilleryError('INTERNAL', `${outputs.length} outputs do not fill ${samples} × ${classes}.`);
  }
  const crossEntropy = options.outputs === 'logits' ? crossEntropyOfLogits : crossEntropyOfProbabilities;
  const ofClass = new Float64Array(classes);
  const correctOfClass = new Float64Array(classes);
  let correct = 0;
  let totalLoss = 0;
  labels.forEach((label, sample) => {
    if (label < 0 || label >= classes) {
      throw new DistilleryError('INTERNAL', `Label ${label} of sample ${sample} is not one of ${classes} classes.`);
    }
    const row = { start: sample * classes, end: (sample + 1) * classes };
    const isCorrect = argmax(outputs, row) === label ? 1 : 0;
    ofClass[label] = (ofClass[label] ?? 0) + 1;
    correctOfClass[label] = (correctOfClass[label] ?? 0) + isCorrect;
    correct += isCorrect;
    totalLoss += crossEntropy(outputs, row, label);
  });
  return {
    samples,
    errors: samples - correct,
    accuracy: correct / samples,
    loss: totalLoss / samples,
    deviation: null,
    perClass: Array.from(ofClass, (count, index) => (count === 0 ? null : (correctOfClass[index] ?? 0) / count)),
  };
}

/**
 * Share (0…1) of the samples for which two networks choose the same class.
 *
 * @param a row-major [samples, classes], logits or probabilities
 * @param b the same samples in the same order
 * @throws DistilleryError when there are no samples, or the two are not of one size
 */
export function agreement(a: Float32Array, b: Float32Array, classes: number): number {
  const samples = a.length / classes;
  if (samples === 0 || !Number.isInteger(samples) || a.length !== b.length) {
    throw new DistilleryError('INTERNAL', `Outputs of ${a.length} and ${b.length} values cannot be compared.`);
  }
  let same = 0;
  for (let start = 0; start < a.length; start += classes) {
    const row = { start, end: start + classes };
    const chosen = argmax(a, row);
    if (chosen !== undefined && chosen === argmax(b, row)) same++;
  }
  return same / samples;
}

/** Where a row lies in a table: its elements are those from `start` on, before `end`. */
interface Row {
  readonly start: number;
  readonly end: number;
}

/** Index of the largest element of a row, by default of all, the first among equals; undefined when one is not a number, for nothing is chosen then. */
export function argmax(
  values: Float32Array,
  { start, end }: Row = { start: 0, end: values.length },
): number | undefined {
  let best = start;
  let largest = -Infinity;
  for (let index = start; index < end; index++) {
    const value = values[index] ?? NaN;
    if (Number.isNaN(value)) return undefined;
    if (value > largest) {
      largest = value;
      best = index;
    }
  }
  return best - start;
}

/** −log softmax(row)[label], shifted by the largest logit so that nothing overflows. */
function crossEntropyOfLogits(logits: Float32Array, { start, end }: Row, label: number): number {
  let largest = -Infinity;
  for (let index = start; index < end; index++) largest = Math.max(largest, logits[index] ?? NaN);
  let sum = 0;
  for (let index = start; index < end; index++) sum += Math.exp((logits[index] ?? NaN) - largest);
  return Math.log(sum) - ((logits[start + label] ?? NaN) - largest);
}

function crossEntropyOfProbabilities(probabilities: Float32Array, { start, end }: Row, label: number): number {
  const clipped = (probability: number) => Math.max(probability, SMALLEST_PROBABILITY);
  let sum = 0;
  for (let index = start; index < end; index++) sum += clipped(probabilities[index] ?? NaN);
  return Math.log(sum) - Math.log(clipped(probabilities[start + label] ?? NaN));
}
