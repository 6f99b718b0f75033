import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import type { FittedEstimator, LinearOptions } from '../estimator.ts';
import type { FitData, FitWatch, Rows } from '../fitData.ts';
import { appendSecondLogit, withSecondLogit } from '../secondLogit.ts';
import { linearObjective, scoreRow, type LinearWeights, type RowLoss } from './linearScores.ts';
import { minimize } from './minimize.ts';
import { crossEntropy, halfSquaredError } from './rowLosses.ts';

/** Iterations of L-BFGS, at most, and when its gradient counts as 0. */
const ITERATIONS = 1000;
const TOLERANCE = 1e-4;

/**
 * Logistic regression of distributions over classes, or ridge regression of numbers: ½ |W|² + C Σ loss.
 * @throws DistilleryError `CANCELLED` when the watch says so
 */
export async function fitLinear(
  { strength }: LinearOptions,
  { rows, targets }: FitData,
  watch: FitWatch,
): Promise<FittedEstimator> {
  const isTwo = targets.kind === 'classes' && targets.width === 2;
  const width = isTwo ? 1 : targets.width;
  const loss = targets.kind === 'classes' ? crossEntropy(targets) : halfSquaredError(targets);
  const weights = await fitScores(rows, width, strength, loss, watch);
  return {
    append: (graph, input) => {
      const scores = appendScores(graph, input, weights, { features: rows.features, width });
      return isTwo ? appendSecondLogit(graph, scores) : scores;
    },
    predict: (given) => {
      const scores = scoresOf(given, weights, width);
      return isTwo ? withSecondLogit(scores) : Float32Array.from(scores);
    },
    rounds: 1,
    summary: `a linear model of ${rows.features} features`,
  };
}

/** The weights that make ½ |W|² + C Σ loss least. */
export async function fitScores(
  rows: Rows,
  width: number,
  strength: number,
  loss: RowLoss,
  watch: FitWatch,
): Promise<LinearWeights> {
  const weights = new Float64Array((rows.features + 1) * width);
  const options = { iterations: ITERATIONS, tolerance: TOLERANCE, pause: watch.pause };
  await minimize(linearObjective(rows, width, strength, loss), weights, options);
  watch.onProgress(1, 1);
  // As they are written.
  return Float64Array.from(Float32Array.from(weights));
}

/** The scores of all rows, [count, width]. */
export function scoresOf(rows: Rows, weights: LinearWeights, width: number): Float64Array {
  const all = new Float64Array(rows.count * width);
  for (let row = 0; row < rows.count; row++) scoreRow(rows, row, weights, all.subarray(row * width, (row + 1) * width));
  return all;
}

/** x W + b, as plain tensors. */
export function appendScores(
  graph: Graph,
  rows: Value,
  weights: LinearWeights,
  { features, width }: { readonly features: number; readonly width: number },
): Value {
  const matrix = graph.initializer('weights', floatTensor(weights.subarray(0, features * width), [features, width]));
  const bias = graph.initializer('bias', floatTensor(weights.subarray(features * width), [width]));
  return graph.op('Add', [graph.op('MatMul', [rows, matrix]), bias], {}, { name: 'scores' });
}
