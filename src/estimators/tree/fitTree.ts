import { randomStream } from '../../data/random.ts';
import { appendTrees } from '../appendTrees.ts';
import type { DecisionTreeOptions, FittedEstimator } from '../estimator.ts';
import type { FitData, FitWatch } from '../fitData.ts';
import { appendLogits, logitsOf } from '../logarithms.ts';
import { codeFeatures } from './codedFeature.ts';
import { growTree } from './growTree.ts';
import { pruneByCost, pruneOnValidation, type PrunedTree } from './pruneTree.ts';
import { addPredictions, depthOf, leafCount, type Tree } from './tree.ts';

/**
 * Grows a decision tree and cuts it back.
 *
 * @param validation rows that pruning is judged by
 * @throws DistilleryError `CANCELLED` when the watch says so
 */
export async function fitTree(
  options: DecisionTreeOptions,
  { rows, targets }: FitData,
  validation: FitData,
  watch: FitWatch,
): Promise<FittedEstimator> {
  const grown = await growTree(
    codeFeatures(rows),
    targets,
    options,
    randomStream(0, 'features of splits'),
    watch.pause,
  );
  watch.onProgress(1, 1);
  const { tree, alpha } = pruned(grown, options, validation);
  const [before, after] = [leafCount(grown), leafCount(tree)];
  const cut = before === after ? '' : `, cut back from ${before} (a leaf is worth more than ${alpha.toPrecision(3)})`;
  return {
    ...treeModel(tree, targets.kind),
    rounds: 1,
    summary: `a tree with ${after} leaves${cut}, at most ${depthOf(tree)} decisions`,
    tree,
  };
}

function pruned(tree: Tree, { pruning, alpha }: DecisionTreeOptions, validation: FitData): PrunedTree {
  if (alpha !== undefined) return pruneByCost(tree, alpha);
  return pruning === 'none' ? { tree, alpha: 0 } : pruneOnValidation(tree, validation);
}

function treeModel(tree: Tree, kind: FitData['targets']['kind']): Pick<FittedEstimator, 'append' | 'predict'> {
  return {
    append: (graph, input) => {
      const given = appendTrees(graph, input, { trees: [{ tree, output: 0 }], factor: 1, width: tree.width });
      return kind === 'classes' ? appendLogits(graph, given) : given;
    },
    predict: (rows) => {
      const sums = new Float64Array(rows.count * tree.width);
      addPredictions(tree, rows, sums, { factor: 1 });
      return kind === 'classes' ? logitsOf(sums) : Float32Array.from(sums);
    },
  };
}
