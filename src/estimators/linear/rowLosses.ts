import type { FitTargets } from '../fitData.ts';
import type { RowLoss } from './linearScores.ts';

/** Cross-entropy of a row's distribution; one score, the log-odds of the second class, where there are two. */
export function crossEntropy({ values, width, weights }: FitTargets): RowLoss {
  if (width === 2) {
    return ([score = 0], row, slopes) => {
      const weight = weights?.[row] ?? 1;
      const share = values[row * 2 + 1] ?? 0;
      slopes[0] = weight * (1 / (1 + Math.exp(-score)) - share);
      return weight * (Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - share * score);
    };
  }
  return (scores, row, slopes) => {
    const weight = weights?.[row] ?? 1;
    const most = scores.reduce((largest, score) => Math.max(largest, score), -Infinity);
    let sum = 0;
    for (const score of scores) sum += Math.exp(score - most);
    const all = most + Math.log(sum);
    let loss = 0;
    for (let index = 0; index < width; index++) {
      const share = values[row * width + index] ?? 0;
      loss += share * (all - (scores[index] ?? 0));
      slopes[index] = weight * (Math.exp((scores[index] ?? 0) - all) - share);
    }
    return weight * loss;
  };
}

/** Half the squared error of a row's numbers. */
export function halfSquaredError({ values, width, weights }: FitTargets): RowLoss {
  return (scores, row, slopes) => {
    const weight = weights?.[row] ?? 1;
    let loss = 0;
    for (let index = 0; index < width; index++) {
      const error = (scores[index] ?? 0) - (values[row * width + index] ?? 0);
      loss += 0.5 * error * error;
      slopes[index] = weight * error;
    }
    return weight * loss;
  };
}

/**
 * Squared hinge of each class against the rest, of one score where there are two classes. A class with a share q counts as q of a row that is of
 * it and 1 − q of one that is not.
 */
export function squaredHinge({ values, width, weights }: FitTargets): RowLoss {
  const scoresOf = width === 2 ? [1] : Array.from({ length: width }, (_, index) => index);
  return (scores, row, slopes) => {
    const weight = weights?.[row] ?? 1;
    let loss = 0;
    scoresOf.forEach((index, place) => {
      const share = values[row * width + index] ?? 0;
      const [short, over] = [Math.max(0, 1 - (scores[place] ?? 0)), Math.max(0, 1 + (scores[place] ?? 0))];
      loss += share * short * short + (1 - share) * over * over;
      slopes[place] = 2 * weight * ((1 - share) * over - share * short);
    });
    return weight * loss;
  };
}

/** Squared distance of a row's numbers beyond ε (support vector regression with the squared loss). */
export function squaredBeyond({ values, width, weights }: FitTargets, epsilon: number): RowLoss {
  return (scores, row, slopes) => {
    const weight = weights?.[row] ?? 1;
    let loss = 0;
    for (let index = 0; index < width; index++) {
      const error = (scores[index] ?? 0) - (values[row * width + index] ?? 0);
      const beyond = Math.max(0, Math.abs(error) - epsilon);
      loss += beyond * beyond;
      slopes[index] = 2 * weight * beyond * Math.sign(error);
    }
    return weight * loss;
  };
}
