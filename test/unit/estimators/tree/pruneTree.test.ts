import assert from 'node:assert/strict';
import { Random } from '../../../../src/data/random.ts';
import type { FitData } from '../../../../src/estimators/fitData.ts';
import { codeFeatures } from '../../../../src/estimators/tree/codedFeature.ts';
import { collapseOrder } from '../../../../src/estimators/tree/collapseOrder.ts';
import { growTree } from '../../../../src/estimators/tree/growTree.ts';
import { pruneByCost, pruneOnValidation } from '../../../../src/estimators/tree/pruneTree.ts';
import { leafCount, leafOf, type Tree } from '../../../../src/estimators/tree/tree.ts';
import { classOf, fitData, madeData, unwatched } from '../../../support/estimators.ts';

const grow = ({ rows, targets }: FitData): Promise<Tree> =>
  growTree(codeFeatures(rows), targets, { criterion: 'gini', minLeaf: 1 }, new Random(0), unwatched.pause);

/** R of Breiman et al.: the impurity of all leaves by their share of the rows. */
const risk = (tree: Tree): number =>
  [...tree.feature].reduce(
    (sum, feature, node) => sum + (feature < 0 ? (tree.impurity[node]! * tree.weight[node]!) / tree.weight[0]! : 0),
    0,
  );

describe('cost-complexity pruning', () => {
  it('has the α of the definition', async () => {
    // A pure side and one that two more leaves make pure.
    const data = fitData('classes', [[1], [2], [3], [4]], [0, 0, 1, 0].map(classOf));
    const order = collapseOrder(await grow(data));
    // The root: Gini 3/8 with three leaves of 0 below; the node right of 2: 1/2 for half of the rows.
    assert.equal(order.length, 1);
    assert.ok(Math.abs(order[0]!.alpha - 0.375 / 2) < 1e-12);
    assert.equal(order[0]!.node, 0);
  });

  it('goes to the root by trees each of which is the best for its α', async () => {
    const tree = await grow(madeData('classes', 3, 80, 3));
    const order = collapseOrder(tree);
    assert.equal(order.at(-1)!.node, 0);
    const alphas = order.map(({ alpha }) => alpha);
    assert.deepEqual(
      alphas,
      alphas.toSorted((a, b) => a - b),
    );
    const cost = (each: Tree, alpha: number): number => risk(each) + alpha * leafCount(each);
    for (const alpha of [0.001, 0.005, 0.02, 0.1]) {
      const own = cost(pruneByCost(tree, alpha).tree, alpha);
      for (const other of alphas) assert.ok(own <= cost(pruneByCost(tree, other).tree, alpha) + 1e-9);
    }
  });

  it('takes the tree that decides best on the validation rows, of equal ones the smallest', async () => {
    const tree = await grow(madeData('classes', 2, 200, 4));
    const noisy = madeData('classes', 2, 100, 5);
    const random = new Random(1);
    const labels = Array.from({ length: 100 }, () => classOf(random.integer(2)));
    for (const validation of [
      noisy,
      { ...noisy, targets: { ...noisy.targets, values: Float32Array.from(labels.flat()) } },
    ]) {
      const wrong = (each: Tree): number =>
        Array.from({ length: 100 }, (_, row) => {
          const leaf = leafOf(each, validation.rows, row);
          const second = each.values[2 * leaf + 1]! > each.values[2 * leaf]!;
          return 1 - validation.targets.values[2 * row + (second ? 1 : 0)]!;
        }).reduce((sum, error) => sum + error, 0);
      const chosen = pruneOnValidation(tree, validation).tree;
      const all = [0, ...collapseOrder(tree).map(({ alpha }) => alpha)].map((alpha) => pruneByCost(tree, alpha).tree);
      const least = Math.min(...all.map(wrong), wrong(tree));
      assert.ok(Math.abs(wrong(chosen) - least) < 1e-6);
      for (const other of all) {
        if (Math.abs(wrong(other) - least) < 1e-9) assert.ok(leafCount(chosen) <= leafCount(other));
      }
    }
  });

  it('cuts a tree of noise back to its root', async () => {
    const data = fitData(
      'classes',
      Array.from({ length: 40 }, (_, row) => [row]),
      Array.from({ length: 40 }, (_, row) => classOf(row % 3 === 0 ? 1 : 0)),
    );
    const tree = await grow(data);
    const validation = fitData('classes', [[0], [3], [6], [9]], [0, 0, 0, 0].map(classOf));
    assert.equal(leafCount(pruneOnValidation(tree, validation).tree), 1);
  });
});
