import { DistilleryError } from '../errors.ts';
import type { SplitMetrics } from '../report/report.ts';
import { SMALLEST_PROBABILITY } from './metrics.ts';

/**
 * Multi-label classification: every class of every sample is a decision at probability ½. The loss is the mean binary
 * cross-entropy of the decisions; `perClass` is each class's recall.
 *
 * @param outputs row-major [samples, classes]: logits, or probabilities
 * @param labels the same, 0 or 1
 */
export function labelMetrics(
  outputs: Float32Array,
  labels: Float32Array,
  classes: number,
  options: { readonly outputs: 'logits' | 'probabilities' },
): SplitMetrics {
  if (labels.length === 0 || outputs.length !== labels.length || labels.length % classes !== 0) {
    throw new DistilleryError('INTERNAL', `${outputs.length} outputs do not belong to ${labels.length} labels.`);
  }
  const threshold = options.outputs === 'logits' ? 0 : 0.5;
  const crossEntropy = options.outputs === 'logits' ? entropyOfLogit : entropyOfProbability;
  const positives = new Float64Array(classes);
  const found = new Float64Array(classes);
  let errors = 0;
  let loss = 0;
  labels.forEach((label, index) => {
    const output = outputs[index] ?? NaN;
    const decided = output > threshold;
    if (decided !== label > 0.5) errors++;
    loss += crossEntropy(output, label);
    if (label <= 0.5) return;
    positives[index % classes] = (positives[index % classes] ?? 0) + 1;
    if (decided) found[index % classes] = (found[index % classes] ?? 0) + 1;
  });
  return {
    samples: labels.length / classes,
    errors,
    accuracy: 1 - errors / labels.length,
    loss: loss / labels.length,
    deviation: null,
    perClass: Array.from(positives, (count, index) => (count === 0 ? null : (found[index] ?? 0) / count)),
  };
}

/** log(1 + e^logit) − label · logit, without overflow. */
function entropyOfLogit(logit: number, label: number): number {
  return Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - label * logit;
}

function entropyOfProbability(probability: number, label: number): number {
  const clipped = Math.min(Math.max(probability, SMALLEST_PROBABILITY), 1 - SMALLEST_PROBABILITY);
  return -label * Math.log(clipped) - (1 - label) * Math.log(1 - clipped);
}
