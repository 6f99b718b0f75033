import assert from 'node:assert/strict';
import {
  childrenOf,
  classesAt,
  depthOf,
  leadingClasses,
  leadingFeatures,
  leafAt,
  leavesBelow,
  nameClasses,
  samplesAt,
  wayTo,
} from '../../../../../src/report/drawings/softTree/nodes.ts';
import { softTreeOf } from '../../../../support/softTree.ts';

describe('nodes of a soft decision tree', () => {
  // Leaves 0 … 7 for classes a b c a b c a b, with 1 … 8 of 36 samples.
  const tree = softTreeOf({ depth: 3, sampleShape: [4] });

  it('are numbered from the root, level by level, and leaves from left to right', () => {
    assert.deepEqual(childrenOf(2), [5, 6]);
    assert.deepEqual([0, 1, 2, 3, 6, 7, 14].map(depthOf), [0, 1, 1, 2, 2, 3, 3]);
    assert.deepEqual(
      [6, 7, 14].map((node) => leafAt(tree, node)),
      [undefined, 0, 7],
    );
    assert.deepEqual(wayTo(tree, 5), [0, 2, 5]);
    assert.deepEqual(
      leavesBelow(tree, 5).map(({ samples }) => samples),
      [5, 6],
    );
    assert.deepEqual(
      leavesBelow(tree, 14).map(({ samples }) => samples),
      [8],
    );
  });

  it('hold what passes on the way to the leaves below', () => {
    assert.deepEqual(
      [0, 1, 2, 6].map((node) => samplesAt(tree, node)),
      [36, 10, 26, 15],
    );
    assert.deepEqual(
      tree.nodes.map(({ samples }) => samples),
      [36, 10, 26, 3, 7, 11, 15],
    );
    assert.equal(tree.nodes[2]!.right, Number((15 / 26).toPrecision(6)));
    assert.equal(tree.nodes[2]!.probability, Number((26 / 36).toPrecision(6)));
  });

  it('lead to the classes of the leaves below, by what comes to each', () => {
    const shares = classesAt(tree, 5);
    // Leaves 4 (b) and 5 (c), with 5 and 6 of 11.
    assert.deepEqual(
      shares.map(({ name }) => name),
      ['c', 'b', 'a'],
    );
    const expected = [(6 * 0.75 + 5 * 0.125) / 11, (5 * 0.75 + 6 * 0.125) / 11, 0.125];
    shares.forEach(({ share }, index) => {
      assert.ok(Math.abs(share - expected[index]!) < 1e-12);
    });
    assert.deepEqual(
      leadingClasses(tree, 5, 2).map(({ name }) => name),
      ['c', 'b'],
    );
    assert.equal(nameClasses(tree, 7, 1), 'a (75 %)');
  });

  it('name at least one class, and none of less than a tenth beside it', () => {
    const many = softTreeOf({
      depth: 1,
      sampleShape: [4],
      classes: Array.from({ length: 30 }, (_, index) => `${index}`),
    });
    assert.deepEqual(
      leadingClasses(many, 1, 5).map(({ name }) => name),
      ['0'],
    );
  });

  it('look most at the features of the largest weights, whatever their sign', () => {
    assert.deepEqual(leadingFeatures(tree, { weights: [0.5, -2, 0, 1] }, 3), [
      { name: 'x[1]', weight: -2 },
      { name: 'x[3]', weight: 1 },
      { name: 'x[0]', weight: 0.5 },
    ]);
    assert.deepEqual(leadingFeatures(tree, { weights: null }, 3), []);
    const named = softTreeOf({ depth: 1, sampleShape: [2], names: ['age', 'size'] });
    assert.deepEqual(leadingFeatures(named, { weights: [0, 1] }, 1), [{ name: 'size', weight: 1 }]);
  });
});
