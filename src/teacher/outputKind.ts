import type { Task } from '../data/task.ts';

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
  return probabilities.map((probability) => Math.log(Math.max(probability, SMALLEST)));
}

const SMALLEST = 1.17549435e-38;

/** What the outputs of a network for many samples are, as far as a task asks. Numbers count as logits. */
export function outputKind(task: Task, outputs: Float32Array): 'logits' | 'probabilities' {
  switch (task.kind) {
    case 'classification':
    case 'token-classification':
      return areProbabilities(outputs, task.classes.length) ? 'probabilities' : 'logits';
    case 'multi-label':
      return outputs.every((value) => value >= 0 && value <= 1) ? 'probabilities' : 'logits';
    case 'regression':
    case 'reconstruction':
    case 'matching':
      return 'logits';
  }
}

/** The outputs as logits. @param kind what they are */
export function asLogits(task: Task, outputs: Float32Array, kind: 'logits' | 'probabilities'): Float32Array {
  if (kind === 'logits') return outputs;
  return task.kind === 'multi-label'
    ? outputs.map((probability) => Math.log(Math.max(probability, SMALLEST) / Math.max(1 - probability, 2 ** -24)))
    : logitsOfProbabilities(outputs);
}
