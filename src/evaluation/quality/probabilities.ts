/**
 * Probabilities of outputs, in double precision: the softmax of every row of logits, or the rows of probabilities brought to
 * the sum 1.
 *
 * @param outputs row-major [samples, classes]
 */
export function classProbabilities(
  outputs: Float32Array,
  classes: number,
  kind: 'logits' | 'probabilities',
): Float64Array {
  const probabilities = Float64Array.from(outputs);
  for (let start = 0; start < outputs.length; start += classes) {
    const row = probabilities.subarray(start, start + classes);
    if (kind === 'logits') {
      const largest = row.reduce((most, logit) => Math.max(most, logit), -Infinity);
      row.forEach((logit, index) => (row[index] = Math.exp(logit - largest)));
    }
    const sum = row.reduce((total, value) => total + value, 0);
    if (sum > 0) row.forEach((value, index) => (row[index] = value / sum));
  }
  return probabilities;
}

/** Probabilities of decisions that do not depend on each other: the logistic function of every logit. */
export function labelProbabilities(outputs: Float32Array, kind: 'logits' | 'probabilities'): Float64Array {
  return Float64Array.from(outputs, (output) => (kind === 'logits' ? 1 / (1 + Math.exp(-output)) : output));
}
