import { appendTrees } from '../appendTrees.ts';
import type { FittedEstimator, GradientBoostingOptions } from '../estimator.ts';
import type { FitData, FitWatch, Rows } from '../fitData.ts';
import { appendSecondLogit, withSecondLogit } from '../secondLogit.ts';
import { addPredictions, leafCount, type Tree } from '../tree/tree.ts';
import { binFeatures } from './bins.ts';
import { boostingLossFor } from './boostingLoss.ts';
import { BoostedTreeGrower } from './growBoostedTree.ts';

interface ScoreTree {
  readonly tree: Tree;
  readonly output: number;
}

/**
 * Gradient boosting of trees on histograms. Of its rounds those are kept after which the loss on the validation rows was least.
 *
 * @throws DistilleryError `CANCELLED` when the watch says so
 */
export async function fitBoosting(
  options: GradientBoostingOptions,
  { rows, targets }: FitData,
  validation: FitData,
  watch: FitWatch,
): Promise<FittedEstimator> {
  const { rounds, patience = Infinity } = options;
  const loss = boostingLossFor(targets);
  const { scores: width, base } = loss;
  const features = await binFeatures(rows, watch.pause);
  const grower = new BoostedTreeGrower(features, rows.count, options);
  const scores = repeated(base, rows.count);
  const judged = repeated(base, validation.rows.count);
  const [gradients, curvatures] = [new Float32Array(rows.count), new Float32Array(rows.count)];
  const trees: ScoreTree[] = [];
  let best = { round: 0, loss: loss.meanLoss(judged, validation.targets) };
  const isTwo = targets.kind === 'classes' && targets.width === 2;
  for (let round = 1; round <= rounds && round - best.round <= patience; round++) {
    // All trees of a round are grown on the scores before it.
    const grown: { readonly output: number; readonly tree: Tree }[] = [];
    const added = width === 1 ? scores : scores.slice();
    for (let output = 0; output < width; output++) {
      loss.derive(scores, output, gradients, curvatures);
      const { tree, leaves } = grower.grow(gradients, curvatures);
      for (const { node, start, end } of leaves) {
        const value = tree.values[node] ?? 0;
        for (let place = start; place < end; place++) {
          const at = (grower.order[place] ?? 0) * width + output;
          added[at] = (added[at] ?? 0) + value;
        }
      }
      grown.push({ tree, output });
      addPredictions(tree, validation.rows, judged, { factor: 1, stride: width, offset: output });
      await watch.pause();
    }
    if (width > 1) scores.set(added);
    trees.push(...grown);
    const present = loss.meanLoss(judged, validation.targets);
    const isBest = present < best.loss;
    if (isBest) best = { round, loss: present };
    watch.onRound?.({ round, rounds, outputs: outputsOf(judged, isTwo), isBest });
    watch.onProgress(round, rounds);
  }
  const kept = trees.slice(0, best.round * width);
  const sum = kept.reduce((count, { tree }) => count + leafCount(tree), 0);
  return {
    ...boostedModel(kept, base, isTwo),
    rounds: best.round,
    summary: `${kept.length} trees of ${best.round} rounds, ${sum} leaves together`,
  };
}

function boostedModel(
  trees: readonly ScoreTree[],
  base: readonly number[],
  isTwo: boolean,
): Pick<FittedEstimator, 'append' | 'predict'> {
  const width = base.length;
  return {
    append: (graph, input) => {
      const scores = appendTrees(graph, input, { trees, factor: 1, base, width });
      return isTwo ? appendSecondLogit(graph, scores) : scores;
    },
    predict: (rows: Rows) => {
      const scores = repeated(base, rows.count);
      for (const { tree, output } of trees)
        addPredictions(tree, rows, scores, { factor: 1, stride: width, offset: output });
      return outputsOf(scores, isTwo);
    },
  };
}

function outputsOf(scores: Float64Array, isTwo: boolean): Float32Array {
  return isTwo ? withSecondLogit(scores) : Float32Array.from(scores);
}

function repeated(base: readonly number[], count: number): Float64Array {
  const width = base.length;
  return Float64Array.from({ length: count * width }, (_, index) => base[index % width] ?? 0);
}
