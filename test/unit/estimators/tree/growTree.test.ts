import assert from 'node:assert/strict';
import { Random } from '../../../../src/data/random.ts';
import type { FitData } from '../../../../src/estimators/fitData.ts';
import { codeFeatures, thresholdBetween } from '../../../../src/estimators/tree/codedFeature.ts';
import { growTree, type GrowOptions } from '../../../../src/estimators/tree/growTree.ts';
import { depthOf, leafCount, leafOf, type Tree } from '../../../../src/estimators/tree/tree.ts';
import { classOf, fitData, madeData, unwatched } from '../../../support/estimators.ts';

function grow({ rows, targets }: FitData, options: Partial<GrowOptions> = {}): Promise<Tree> {
  const all = { criterion: 'gini', minLeaf: 1, ...options } as const;
  return growTree(codeFeatures(rows), targets, all, new Random(0), unwatched.pause);
}

/** The best first split by what the definition of the impurity says, tried on all of them. */
function bestSplit({ rows, targets }: FitData, criterion: 'gini' | 'entropy', minLeaf: number) {
  const value = (row: number, feature: number): number => rows.values[row * rows.features + feature]!;
  const impurityOf = (chosen: readonly number[]): number => {
    const means = Array.from({ length: targets.width }, (_, index) =>
      chosen.reduce((sum, row) => sum + targets.values[row * targets.width + index]! / chosen.length, 0),
    );
    return criterion === 'gini'
      ? 1 - means.reduce((sum, mean) => sum + mean * mean, 0)
      : -means.reduce((sum, mean) => sum + (mean > 0 ? mean * Math.log(mean) : 0), 0);
  };
  const all = Array.from({ length: rows.count }, (_, row) => row);
  let best = { feature: -1, left: 0, cost: Infinity };
  for (let feature = 0; feature < rows.features; feature++) {
    for (const at of new Set(all.map((row) => value(row, feature)))) {
      const left = all.filter((row) => value(row, feature) <= at);
      const right = all.filter((row) => value(row, feature) > at);
      if (left.length < minLeaf || right.length < minLeaf) continue;
      const cost = left.length * impurityOf(left) + right.length * impurityOf(right);
      if (cost < best.cost - 1e-9) best = { feature, left: left.length, cost };
    }
  }
  return best;
}

describe('growTree', () => {
  it('splits between the classes, in the middle of the two values', async () => {
    const tree = await grow(fitData('classes', [[1], [2], [4], [5]], [0, 0, 1, 1].map(classOf)));
    assert.deepEqual([tree.feature[0], tree.threshold[0], leafCount(tree)], [0, 3, 2]);
    assert.deepEqual([...tree.values.subarray(2)].sort(), [0, 0, 1, 1]);
  });

  it('learns what needs two questions, although the first alone helps nothing', async () => {
    const x = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    const data = fitData('classes', x, [0, 1, 1, 0].map(classOf));
    const tree = await grow(data);
    const said = x.map((_, row) => tree.values[2 * leafOf(tree, data.rows, row) + 1]);
    assert.deepEqual(said, [0, 1, 1, 0]);
  });

  for (const criterion of ['gini', 'entropy'] as const) {
    for (const minLeaf of [1, 15]) {
      it(`finds the first split that is best of all, of distributions: ${criterion}, leaves of ${minLeaf}`, async () => {
        for (const seed of [1, 2, 3]) {
          const data = madeData('classes', 3, 60, seed);
          const tree = await grow(data, { criterion, minLeaf, depth: 1 });
          const best = bestSplit(data, criterion, minLeaf);
          assert.deepEqual([tree.feature[0], tree.rows[tree.left[0]!]], [best.feature, best.left]);
        }
      });
    }
  }

  it('finds the same by counting codes and by sorting rows', async () => {
    // Of few rows among many codes the first is done, of as many codes as rows the second.
    const many = madeData('classes', 2, 400, 5);
    const weights = Float32Array.from({ length: 400 }, (_, row) => (row < 40 ? 1 : 0));
    const few = {
      rows: { ...many.rows, count: 40, values: many.rows.values.slice(0, 120) },
      targets: { ...many.targets, values: many.targets.values.slice(0, 80) },
    };
    const [ofMany, ofFew] = [await grow({ ...many, targets: { ...many.targets, weights } }), await grow(few)];
    assert.deepEqual([...ofMany.feature], [...ofFew.feature]);
    assert.deepEqual([...ofMany.threshold], [...ofFew.threshold]);
  });

  it('counts a row with the weight 2 as two rows', async () => {
    const x = [[1], [2], [3], [4]];
    const y = [[1], [5], [2], [8]];
    const weighted = fitData('numbers', x, y);
    const weights = Float32Array.of(1, 2, 1, 1);
    const one = await grow({ ...weighted, targets: { ...weighted.targets, weights } }, { depth: 1 });
    const two = await grow(fitData('numbers', [...x, [2]], [...y, [5]]), { depth: 1 });
    assert.deepEqual([one.threshold[0], [...one.values]], [two.threshold[0], [...two.values]]);
  });

  it('keeps to depth, leaves and their size, and makes the splits first that help most', async () => {
    const data = madeData('numbers', 2, 200, 7);
    assert.equal(depthOf(await grow(data, { depth: 3 })), 3);
    const ten = await grow(data, { leaves: 10 });
    assert.equal(leafCount(ten), 10);
    const large = await grow(data, { minLeaf: 30 });
    assert.ok([...large.rows].every((rows, node) => large.feature[node]! >= 0 || rows >= 30));
    const left = (tree: Tree): number =>
      [...tree.impurity].reduce(
        (sum, each, node) => sum + (tree.feature[node]! < 0 ? each * tree.weight[node]! : 0),
        0,
      );
    assert.ok(left(ten) < left(await grow(data, { depth: 3 })), 'ten chosen leaves are better than eight of one depth');
  });

  it('has a leaf alone where nothing is to be told apart', async () => {
    for (const [x, y] of [
      [
        [[1], [2]],
        [[0.5], [0.5]],
      ],
      [
        [[3], [3]],
        [[0], [1]],
      ],
    ] as const) {
      assert.equal(leafCount(await grow(fitData('numbers', x, y))), 1);
    }
  });

  it('has thresholds that tell neighbouring float32 numbers apart', () => {
    const next = Math.fround(1 + 2 ** -23);
    assert.equal(thresholdBetween(1, next), 1);
    assert.equal(thresholdBetween(-3e38, 3e38), 0);
  });
});
