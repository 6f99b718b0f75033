import type { Dataset } from '../data/dataset.ts';
import { BadInputError } from '../errors.ts';
import { argmax } from '../evaluation/metrics.ts';
import { classProbabilities, labelProbabilities } from '../evaluation/quality/probabilities.ts';
import { outputKind } from '../teacher/outputKind.ts';
import { listed, nearest } from '../experiment/suggest.ts';
import { inOwnUnits, targetScales } from '../data/targetScales.ts';

/** What a person wants to have explained; what is left out is chosen by the task. */
export interface OutputWish {
  /** Name of a class or of a predicted number, or the index of a number of any other output. */
  readonly output?: string | undefined;
  /** Index of a token, where every token has a class. */
  readonly token?: number | undefined;
}

/** A part of a network's output that is explained: a weighted sum of its numbers. */
export interface ExplainedOutput {
  readonly name: string;
  /** A weight for every number of the output. */
  readonly weights: Float32Array;
  /** Where the numbers that are told of the output begin: those of the explained token. */
  readonly first: number;
}

type Explainable = Pick<Dataset, 'task' | 'preparation' | 'test'>;

/**
 * Chooses what is explained of a sample, unless a person has chosen: the class that the teacher finds likeliest, of a token that has
 * one (another one from sample to sample); the first number of a regression, in its own unit; else the output as far as it points
 * where the teacher's does, which is the length of the teacher's own.
 *
 * @param outputs the teacher's for one sample
 * @param sample its index in the test split
 * @throws BadInputError for a wish that the output has nothing for
 */
export function chooseOutput(
  { task, preparation, test }: Explainable,
  { outputs, sample }: { readonly outputs: Float32Array; readonly sample: number },
  wish: OutputWish,
): ExplainedOutput {
  if (wish.token !== undefined && task.kind !== 'token-classification') {
    throw refusal('There are no tokens that have a class each, so none can be chosen.');
  }
  switch (task.kind) {
    case 'classification':
    case 'multi-label': {
      const index = chooseClass(task.classes, outputs, wish);
      return single(task.classes[index] ?? '', index, outputs.length);
    }
    case 'token-classification': {
      const { classes } = task;
      const token = chooseToken(test.targets, sample, outputs.length / classes.length, wish.token);
      const first = token * classes.length;
      const index = chooseClass(classes, outputs.subarray(first, first + classes.length), wish);
      return { ...single(`${classes[index] ?? ''} (token ${token + 1})`, first + index, outputs.length), first };
    }
    case 'regression': {
      const index = wish.output === undefined ? 0 : indexAmong(task.targets, wish.output, 'predicted number');
      const { std = 1 } = targetScales(task, preparation)[index] ?? {};
      return single(task.targets[index] ?? '', index, outputs.length, std);
    }
    case 'reconstruction':
    case 'matching':
      return wish.output === undefined ? directionOf(outputs) : numbered(wish.output, outputs.length);
  }
}

/**
 * What is told of a network's output for a sample: probabilities of the classes, predicted numbers in their own units, or what is
 * explained.
 */
export function tell(
  { task, preparation }: Pick<Explainable, 'task' | 'preparation'>,
  outputs: Float32Array,
  { weights, first }: ExplainedOutput,
): readonly number[] {
  switch (task.kind) {
    case 'classification':
    case 'token-classification': {
      const row = outputs.slice(first, first + task.classes.length);
      return [...classProbabilities(row, task.classes.length, outputKind(task, row))];
    }
    case 'multi-label':
      return [...labelProbabilities(outputs, outputKind(task, outputs))];
    case 'regression':
      return targetScales(task, preparation).map((scale, index) => inOwnUnits(outputs[index] ?? NaN, scale));
    case 'reconstruction':
    case 'matching':
      return [weightedSum(outputs, weights)];
  }
}

/** The part of an output that is explained. */
export function weightedSum(outputs: Float32Array, weights: Float32Array): number {
  return weights.reduce((sum, weight, index) => (weight === 0 ? sum : sum + weight * (outputs[index] ?? NaN)), 0);
}

function single(name: string, index: number, width: number, weight = 1): ExplainedOutput {
  const weights = new Float32Array(width);
  weights[index] = weight;
  return { name, weights, first: 0 };
}

function directionOf(outputs: Float32Array): ExplainedOutput {
  const length = Math.sqrt(outputs.reduce((sum, value) => sum + value ** 2, 0)) || 1;
  return { name: 'output', weights: outputs.map((value) => value / length), first: 0 };
}

function numbered(asked: string, width: number): ExplainedOutput {
  const index = /^\d+$/.test(asked) ? Number(asked) : width;
  if (index >= width) {
    throw refusal(`The output has no number '${asked}'; it has the numbers 0 to ${width - 1}.`);
  }
  return single(`output ${index}`, index, width);
}

function chooseClass(classes: readonly string[], row: Float32Array, { output }: OutputWish): number {
  return output === undefined ? (argmax(row) ?? 0) : indexAmong(classes, output, 'class');
}

function indexAmong(names: readonly string[], asked: string, kind: string): number {
  const index = names.indexOf(asked);
  if (index >= 0) return index;
  const suggestion = nearest(asked, names);
  const meant = suggestion === undefined ? '' : `; did you mean '${suggestion}'?`;
  const hint = names.length > MOST_NAMED ? undefined : `Must be ${listed(names)}.`;
  throw refusal(`There is no ${kind} '${asked}'${meant || '.'}`, hint);
}

/** Names that a sentence may list. */
const MOST_NAMED = 20;

function chooseToken(
  targets: Explainable['test']['targets'],
  sample: number,
  tokens: number,
  asked: number | undefined,
): number {
  if (asked !== undefined) {
    if (asked < tokens) return asked;
    throw refusal(`There is no token ${asked + 1}; a text has ${tokens}.`);
  }
  const labels = targets.kind === 'tokens' ? targets.labels.subarray(sample * tokens, (sample + 1) * tokens) : [];
  const labelled = [...labels.keys()].filter((token) => (labels[token] ?? -1) >= 0);
  return labelled[sample % Math.max(1, labelled.length)] ?? 0;
}

function refusal(message: string, hint?: string): BadInputError {
  return new BadInputError([{ where: 'explain', message, ...(hint !== undefined && { hint }) }]);
}
