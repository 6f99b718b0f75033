import type { FitTargets } from '../fitData.ts';

/** What is boosted: scores of rows, and the loss of them. */
export interface BoostingLoss {
  /** Scores of a row; a tree is grown for each in every round. */
  readonly scores: number;
  /** What the scores of all rows begin with. */
  readonly base: readonly number[];
  /** Writes the first and second derivatives of every row's loss by its score `score`. */
  derive(scores: Float64Array, score: number, gradients: Float32Array, curvatures: Float32Array): void;
  /** Mean loss of rows with these targets. */
  meanLoss(scores: Float64Array, targets: FitTargets): number;
}

/** The loss for targets: cross-entropy with distributions, of one score where there are two classes; half the squared error of numbers. */
export function boostingLossFor(targets: FitTargets): BoostingLoss {
  if (targets.kind === 'numbers') return squaredError(targets);
  return targets.width === 2 ? twoClasses(targets) : severalClasses(targets);
}

/** Shares below this begin as it. */
const LEAST = 1e-9;

function meansOf({ values, width, weights }: FitTargets): number[] {
  const sums = new Array<number>(width).fill(0);
  let total = 0;
  for (let row = 0; row * width < values.length; row++) {
    const weight = weights?.[row] ?? 1;
    total += weight;
    for (let index = 0; index < width; index++) {
      sums[index] = (sums[index] ?? 0) + weight * (values[row * width + index] ?? 0);
    }
  }
  return sums.map((sum) => sum / (total || 1));
}

function squaredError(targets: FitTargets): BoostingLoss {
  const { values, width, weights } = targets;
  return {
    scores: width,
    base: meansOf(targets),
    derive: (scores, score, gradients, curvatures) => {
      for (let row = 0; row < gradients.length; row++) {
        const weight = weights?.[row] ?? 1;
        gradients[row] = weight * ((scores[row * width + score] ?? 0) - (values[row * width + score] ?? 0));
        curvatures[row] = weight;
      }
    },
    meanLoss: (scores, judged) => {
      let sum = 0;
      judged.values.forEach((value, index) => (sum += (value - (scores[index] ?? 0)) ** 2));
      return sum / judged.values.length;
    },
  };
}

/** One score: the log-odds of the second class. */
function twoClasses(targets: FitTargets): BoostingLoss {
  const { values, weights } = targets;
  const share = Math.min(1 - LEAST, Math.max(LEAST, meansOf(targets)[1] ?? 0.5));
  return {
    scores: 1,
    base: [Math.log(share / (1 - share))],
    derive: (scores, _score, gradients, curvatures) => {
      for (let row = 0; row < gradients.length; row++) {
        const weight = weights?.[row] ?? 1;
        const probability = 1 / (1 + Math.exp(-(scores[row] ?? 0)));
        gradients[row] = weight * (probability - (values[row * 2 + 1] ?? 0));
        curvatures[row] = weight * probability * (1 - probability);
      }
    },
    meanLoss: (scores, judged) => {
      let sum = 0;
      scores.forEach((score, row) => {
        // log(1 + eˢ) − q s, without overflow.
        sum += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - (judged.values[row * 2 + 1] ?? 0) * score;
      });
      return sum / scores.length;
    },
  };
}

/** A score for each class, whose softmax the probabilities are. */
function severalClasses(targets: FitTargets): BoostingLoss {
  const { values, width, weights } = targets;
  return {
    scores: width,
    base: meansOf(targets).map((mean) => Math.log(Math.max(mean, LEAST))),
    derive: (scores, score, gradients, curvatures) => {
      for (let row = 0; row < gradients.length; row++) {
        const weight = weights?.[row] ?? 1;
        const start = row * width;
        const own = (scores[start + score] ?? 0) - logSumExp(scores, start, width);
        const probability = Math.exp(own);
        gradients[row] = weight * (probability - (values[start + score] ?? 0));
        curvatures[row] = weight * probability * (1 - probability);
      }
    },
    meanLoss: (scores, judged) => {
      let sum = 0;
      for (let start = 0; start < scores.length; start += width) {
        const all = logSumExp(scores, start, width);
        for (let index = start; index < start + width; index++) {
          sum += (judged.values[index] ?? 0) * (all - (scores[index] ?? 0));
        }
      }
      return sum / (scores.length / width);
    },
  };
}

function logSumExp(scores: Float64Array, start: number, width: number): number {
  let largest = -Infinity;
  for (let index = start; index < start + width; index++) largest = Math.max(largest, scores[index] ?? 0);
  let sum = 0;
  for (let index = start; index < start + width; index++) sum += Math.exp((scores[index] ?? 0) - largest);
  return largest + Math.log(sum);
}
