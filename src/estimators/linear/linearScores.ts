import type { Rows } from '../fitData.ts';
import type { Objective } from './minimize.ts';

/** Weights [features, scores] and then a bias for each score. */
export type LinearWeights = Float64Array;

/** Loss of one row, whose scores are given; writes its derivatives by the scores. */
export type RowLoss = (scores: Float64Array, row: number, slopes: Float64Array) => number;

/** The scores of a row: x W + b. */
export function scoreRow({ values, features }: Rows, row: number, weights: LinearWeights, scores: Float64Array): void {
  const width = scores.length;
  const start = row * features;
  for (let score = 0; score < width; score++) scores[score] = weights[features * width + score] ?? 0;
  for (let feature = 0; feature < features; feature++) {
    const value = values[start + feature] ?? 0;
    if (value === 0) continue;
    for (let score = 0; score < width; score++) {
      scores[score] = (scores[score] ?? 0) + value * (weights[feature * width + score] ?? 0);
    }
  }
}

/** ½ |W|² + C Σ loss, as scikit-learn has it; biases are not made small. */
export function linearObjective(rows: Rows, width: number, strength: number, loss: RowLoss): Objective {
  const scores = new Float64Array(width);
  const slopes = new Float64Array(width);
  const { values, features, count } = rows;
  return (weights, gradient) => {
    gradient.fill(0);
    let total = 0;
    for (let row = 0; row < count; row++) {
      scoreRow(rows, row, weights, scores);
      total += strength * loss(scores, row, slopes);
      const start = row * features;
      for (let score = 0; score < width; score++) {
        const slope = strength * (slopes[score] ?? 0);
        slopes[score] = slope;
        const bias = features * width + score;
        gradient[bias] = (gradient[bias] ?? 0) + slope;
      }
      for (let feature = 0; feature < features; feature++) {
        const value = values[start + feature] ?? 0;
        if (value === 0) continue;
        for (let score = 0; score < width; score++) {
          const at = feature * width + score;
          gradient[at] = (gradient[at] ?? 0) + value * (slopes[score] ?? 0);
        }
      }
    }
    for (let index = 0; index < features * width; index++) {
      const weight = weights[index] ?? 0;
      total += 0.5 * weight * weight;
      gradient[index] = (gradient[index] ?? 0) + weight;
    }
    return total;
  };
}
