import { randomStream, type Random } from '../../data/random.ts';
import { appendTrees } from '../appendTrees.ts';
import type { FittedEstimator, RandomForestOptions } from '../estimator.ts';
import type { FitData, FitTargets, FitWatch } from '../fitData.ts';
import { appendLogits, logitsOf } from '../logarithms.ts';
import { codeFeatures } from '../tree/codedFeature.ts';
import { growTree } from '../tree/growTree.ts';
import { addPredictions, leafCount, type Tree } from '../tree/tree.ts';

/**
 * A random forest (Breiman 2001): trees on rows drawn with replacement, which look at features drawn anew for every split. It gives the mean
 * of what its trees give.
 *
 * @throws DistilleryError `CANCELLED` when the watch says so
 */
export async function fitForest(
  options: RandomForestOptions,
  { rows, targets }: FitData,
  seed: number,
  watch: FitWatch,
): Promise<FittedEstimator> {
  const features = codeFeatures(rows);
  const share = options.features ?? (targets.kind === 'classes' ? Math.sqrt(rows.features) / rows.features : 1);
  const looked = Math.max(1, Math.floor(share * rows.features + 1e-9));
  const trees: Tree[] = [];
  for (let index = 0; index < options.trees; index++) {
    const random = randomStream(seed, `tree ${index}`);
    const drawn = options.bootstrap ? drawRows(targets, rows.count, random) : targets;
    trees.push(await growTree(features, drawn, { ...options, features: looked }, random, watch.pause));
    watch.onProgress(index + 1, options.trees);
    await watch.pause();
  }
  const leaves = trees.reduce((sum, tree) => sum + leafCount(tree), 0);
  return {
    ...forestModel(trees, targets),
    rounds: trees.length,
    summary: `${trees.length} trees, ${leaves} leaves together`,
  };
}

/** The same targets, each row counting as often as it was drawn. */
function drawRows(targets: FitTargets, count: number, random: Random): FitTargets {
  const weights = new Float32Array(count);
  for (let draw = 0; draw < count; draw++) {
    const row = random.integer(count);
    weights[row] = (weights[row] ?? 0) + (targets.weights?.[row] ?? 1);
  }
  return { ...targets, weights };
}

function forestModel(trees: readonly Tree[], { kind, width }: FitTargets): Pick<FittedEstimator, 'append' | 'predict'> {
  const factor = 1 / trees.length;
  return {
    append: (graph, input) => {
      const summed = trees.map((tree) => ({ tree, output: 0 }));
      const given = appendTrees(graph, input, { trees: summed, factor, width });
      return kind === 'classes' ? appendLogits(graph, given) : given;
    },
    predict: (rows) => {
      const sums = new Float64Array(rows.count * width);
      for (const tree of trees) addPredictions(tree, rows, sums, { factor });
      return kind === 'classes' ? logitsOf(sums) : Float32Array.from(sums);
    },
  };
}
