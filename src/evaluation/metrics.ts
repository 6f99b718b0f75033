import { DistilleryError } from '../errors.ts';
import type { SplitMetrics } from '../report/report.ts';

/** Smallest probability whose logarithm is taken, the machine epsilon of float64; scikit-learn's `log_loss` uses the same. */
const SMALLEST_PROBABILITY = 2 ** -52;

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
    const row = outputs.subarray(sample * classes, (sample + 1) * classes);
    const isCorrect = argmax(row) === label ? 1 : 0;
    ofClass[label] = (ofClass[label] ?? 0) + 1;
    correctOfClass[label] = (correctOfClass[label] ?? 0) + isCorrect;
    correct += isCorrect;
    totalLoss += crossEntropy(row, label);
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
    const chosen = argmax(a.subarray(start, start + classes));
    if (chosen !== undefined && chosen === argmax(b.subarray(start, start + classes))) same++;
  }
  return same / samples;
}

/** Index of the largest element, the first among equals; undefined when one is not a number, for nothing is chosen then. */
export function argmax(row: Float32Array): number | undefined {
  let best = 0;
  let largest = -Infinity;
  for (let index = 0; index < row.length; index++) {
    const value = row[index] ?? NaN;
    if (Number.isNaN(value)) return undefined;
    if (value > largest) {
      largest = value;
      best = index;
    }
  }
  return best;
}

/** −log softmax(row)[label], shifted by the largest logit so that nothing overflows. */
function crossEntropyOfLogits(row: Float32Array, label: number): number {
  const largest = row.reduce((maximum, logit) => Math.max(maximum, logit), -Infinity);
  const sum = row.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return Math.log(sum) - ((row[label] ?? NaN) - largest);
}

function crossEntropyOfProbabilities(row: Float32Array, label: number): number {
  const clipped = (probability: number) => Math.max(probability, SMALLEST_PROBABILITY);
  const sum = row.reduce((total, probability) => total + clipped(probability), 0);
  return Math.log(sum) - Math.log(clipped(row[label] ?? NaN));
}
