import assert from 'node:assert/strict';
import { batchesPerEpoch, sequentialBatches, shuffledBatches } from '../../../src/data/batches.ts';
import { randomStream } from '../../../src/data/random.ts';

describe('shuffled batches', () => {
  it('give every sample exactly once in an epoch', () => {
    const batches = [...shuffledBatches(96, 8, randomStream(0, 'shuffle'))];
    assert.equal(batches.length, 12);
    assert.equal(batchesPerEpoch(96, 8), 12);
    const seen = batches.flatMap((batch) => [...batch]);
    assert.deepEqual(
      seen.toSorted((one, other) => one - other),
      Array.from({ length: 96 }, (_, index) => index),
    );
    assert.notDeepEqual(
      seen,
      seen.toSorted((one, other) => one - other),
    );
  });

  it('leave out what fills no batch, other samples every epoch', () => {
    const random = randomStream(0, 'shuffle');
    const leftOut = [0, 1].map(() => {
      const batches = [...shuffledBatches(50, 16, random)];
      assert.deepEqual(
        batches.map((batch) => batch.length),
        [16, 16, 16],
      );
      const seen = new Set(batches.flatMap((batch) => [...batch]));
      assert.equal(seen.size, 48);
      return Array.from({ length: 50 }, (_, index) => index).filter((index) => !seen.has(index));
    });
    assert.equal(batchesPerEpoch(50, 16), 3);
    assert.notDeepEqual(leftOut[0], leftOut[1]);
  });

  it('repeat samples evenly when there are fewer than a batch holds', () => {
    const batches = [...shuffledBatches(3, 8, randomStream(0, 'shuffle'))];
    assert.equal(batches.length, 1);
    assert.equal(batchesPerEpoch(3, 8), 1);
    const counts = [0, 1, 2].map((index) => batches[0]!.filter((each) => each === index).length);
    assert.deepEqual(
      counts.toSorted((one, other) => one - other),
      [2, 3, 3],
    );
  });

  it('depend on the stream of random numbers alone', () => {
    const order = (seed: number) => [...shuffledBatches(64, 64, randomStream(seed, 'shuffle'))][0];
    assert.deepEqual(order(1), order(1));
    assert.notDeepEqual(order(1), order(2));
  });
});

describe('shuffled batches of samples in blocks', () => {
  const blocks = { of: (index: number) => Math.floor(index / 10), together: 3 };
  const orderOf = (count: number, together: number): readonly number[] => [
    ...([...shuffledBatches(count, count, randomStream(0, 'shuffle'), { ...blocks, together })][0] ?? []),
  ];

  it('mix the samples of as many blocks as are held, and each occurs once', () => {
    const order = orderOf(95, 3);
    assert.deepEqual(
      order.toSorted((one, other) => one - other),
      Array.from({ length: 95 }, (_, index) => index),
    );
    const blocksOf = (from: number, to: number) => new Set(order.slice(from, to).map(blocks.of));
    assert.ok(blocksOf(0, 25).size === 3 && blocksOf(0, 95).size === 10);
  });

  it('are those of samples in memory where all blocks are held', () => {
    assert.deepEqual(orderOf(95, 10), [...([...shuffledBatches(95, 95, randomStream(0, 'shuffle'))][0] ?? [])]);
  });
});

describe('sequential batches', () => {
  it('give all samples in order and pad the last batch with its last sample', () => {
    const batches = [...sequentialBatches(10, 4)];
    assert.deepEqual(
      batches.map(({ indices, count }) => [[...indices], count]),
      [
        [[0, 1, 2, 3], 4],
        [[4, 5, 6, 7], 4],
        [[8, 9, 9, 9], 2],
      ],
    );
  });

  it('need no padding when the samples fill the batches', () => {
    assert.deepEqual(
      [...sequentialBatches(8, 4)].map(({ count }) => count),
      [4, 4],
    );
    assert.deepEqual([...sequentialBatches(0, 4)], []);
  });
});
