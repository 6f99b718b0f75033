import type { Task } from '../data/task.ts';

/** How far the sum of a row may be from 1: networks in int8 round their probabilities to 1/256. */
const ROUNDING = 0.02;

/** Whether outputs are probabilities: every row within 0…1 and summing to 1. */
export function areProbabilities(outputs: Float32Array, classes: number): boolean {
  for (let start = 0; start < outputs.length; start += classes) {
    let sum = 0;
    for (let index = start; index < start + classes; index++) {
      const value = outputs[index] ?? NaN;
      if (!(value >= 0 && value <= 1)) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > ROUNDING) return false;
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

/** The outputs as logits, none of which is infinite where there are classes. @param kind what they are */
export function asLogits(task: Task, outputs: Float32Array, kind: 'logits' | 'probabilities'): Float32Array {
  if (kind === 'logits') return finiteLogits(task, outputs);
  return task.kind === 'multi-label'
    ? outputs.map((probability) => Math.log(Math.max(probability, SMALLEST) / Math.max(1 - probability, 2 ** -24)))
    : logitsOfProbabilities(outputs);
}

/** What an infinite logit is away from the others: nothing is left of it at temperatures up to 100, also in float16. */
const BEYOND = 1e4;

/**
 * Logits of classes with numbers for −∞ and ∞, so that their softmax (or their sigmoids) stays the same. Masked classes have a
 * probability of 0, and 0 · −∞ would make the loss NaN. Numbers that belong to no classes stay as they are.
 */
export function finiteLogits(task: Task, logits: Float32Array): Float32Array {
  if (!logits.includes(Infinity) && !logits.includes(-Infinity)) return logits;
  switch (task.kind) {
    case 'classification':
    case 'token-classification':
      return finiteRows(logits, task.classes.length);
    case 'multi-label':
      return logits.map((logit) => (Math.abs(logit) === Infinity ? Math.sign(logit) * BEYOND : logit));
    case 'regression':
    case 'reconstruction':
    case 'matching':
      return logits;
  }
}

/** The same of logits of which one is right: rows of `classes`. */
export function finiteRows(logits: Float32Array, classes: number): Float32Array {
  const finite = logits.slice();
  for (let start = 0; start < finite.length; start += classes) {
    const row = finite.subarray(start, start + classes);
    const most = row.reduce((best, logit) => (Number.isFinite(logit) ? Math.max(best, logit) : best), -Infinity);
    const level = most === -Infinity ? 0 : most;
    row.forEach((logit, index) => {
      if (logit === Infinity) row[index] = level + BEYOND;
      if (logit === -Infinity) row[index] = level - BEYOND;
    });
  }
  return finite;
}
