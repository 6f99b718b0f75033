import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { proportionalSubset, stratifiedSplit } from '../../../../src/data/splits/divideSamples.ts';

/** Labels with `counts[c]` samples of class c, mixed up. */
function labelsOf(counts: readonly number[]): number[] {
  const labels = counts.flatMap((count, label) => new Array<number>(count).fill(label));
  return randomStream(99, 'labels').shuffle(labels);
}

function countsOf(labels: readonly number[], indices: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const index of indices) counts[labels[index]!]!++;
  return counts;
}

describe('stratified split', () => {
  const labels = labelsOf([100, 50, 31, 9]);

  it('takes the same share of every class, and every index once', () => {
    const { taken, kept } = stratifiedSplit(labels, 0.2, randomStream(0, 'split'));
    assert.equal(taken.length, 38);
    // Quotas 20, 10, 6.2, 1.8: the largest remainder is rounded up.
    assert.deepEqual(countsOf(labels, taken, 4), [20, 10, 6, 2]);
    assert.deepEqual(
      [...taken, ...kept].sort((one, other) => one - other),
      labels.map((_, index) => index),
    );
    assert.deepEqual(taken, taken.slice().sort());
    assert.deepEqual(kept, kept.slice().sort());
  });

  it('depends on the seed and on nothing else', () => {
    const take = (seed: number) => stratifiedSplit(labels, 0.3, randomStream(seed, 'split')).taken;
    assert.deepEqual(take(1), take(1));
    assert.notDeepEqual(take(1), take(2));
  });

  it('leaves every class its last sample', () => {
    const { taken, kept } = stratifiedSplit([0, 1, 1, 1, 2, 2], 0.9, randomStream(0, 'split'));
    assert.deepEqual(countsOf([0, 1, 1, 1, 2, 2], kept, 3), [1, 1, 1]);
    assert.equal(taken.length, 3);
  });

  it('takes nothing when the share is less than half a sample', () => {
    assert.equal(stratifiedSplit([0, 0, 1, 1], 0.1, randomStream(0, 'split')).taken.length, 0);
  });

  it('copes with classes that have no sample', () => {
    const { taken } = stratifiedSplit([3, 3, 3, 3, 7, 7, 7, 7], 0.5, randomStream(0, 'split'));
    assert.equal(taken.length, 4);
  });
});

describe('proportional subset', () => {
  it('leaves every class its share', () => {
    const labels = labelsOf([40, 400, 90, 70]);
    const chosen = proportionalSubset(labels, 60, randomStream(0, 'limit'));
    assert.deepEqual(countsOf(labels, chosen, 4), [4, 40, 9, 7]);
    assert.equal(new Set(chosen).size, 60);
  });

  it('takes as many of classes that are as large, the same number more of the first', () => {
    const labels = labelsOf([50, 50, 50]);
    assert.deepEqual(countsOf(labels, proportionalSubset(labels, 61, randomStream(0, 'limit')), 3), [21, 20, 20]);
  });

  it('takes one of every class where there are enough, and of the largest where not', () => {
    const labels = labelsOf([5, 400, 90, 2]);
    const chosen = (limit: number) => countsOf(labels, proportionalSubset(labels, limit, randomStream(0, 'limit')), 4);
    assert.deepEqual(chosen(4), [1, 1, 1, 1]);
    assert.deepEqual(chosen(2), [0, 1, 1, 0]);
    assert.deepEqual(chosen(100), [1, 80, 18, 1]);
  });

  it('takes all when there are not more', () => {
    const labels = labelsOf([3, 4]);
    assert.deepEqual([...proportionalSubset(labels, 7, randomStream(0, 'limit'))], [0, 1, 2, 3, 4, 5, 6]);
    assert.equal(proportionalSubset(labels, 100, randomStream(0, 'limit')).length, 7);
  });

  it('of a smaller limit is part of that of a larger one', () => {
    const labels = labelsOf([13, 40, 21]);
    let previous = new Set<number>();
    for (let limit = 1; limit <= labels.length; limit++) {
      const chosen = new Set(proportionalSubset(labels, limit, randomStream(5, 'limit')));
      assert.equal(chosen.size, limit);
      for (const index of previous) assert.ok(chosen.has(index));
      previous = chosen;
    }
  });

  it('depends on the seed', () => {
    const labels = labelsOf([50, 50]);
    const choose = (seed: number) => proportionalSubset(labels, 20, randomStream(seed, 'limit'));
    assert.deepEqual(choose(1), choose(1));
    assert.notDeepEqual(choose(1), choose(2));
  });
});
