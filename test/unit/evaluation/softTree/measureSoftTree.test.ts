import assert from 'node:assert/strict';
import type { Split } from '../../../../src/data/samples/split.ts';
import { measureSoftTree, type SoftTreeOutputs } from '../../../../src/evaluation/softTree/measureSoftTree.ts';

const classes = 2;
const leaves = 4;

/** Samples of one number; each says how the tree decides: chance of right at the root and at both nodes below. */
const rows = [
  { value: 1, label: 0, root: 0.1, below: 0.2, says: [0.9, 0.1] },
  { value: 2, label: 1, root: 0.8, below: 0.9, says: [0.3, 0.7] },
  { value: 3, label: 0, root: 0.7, below: 0.4, says: [0.4, 0.6] },
  { value: 4, label: 0, root: 0.2, below: 0.6, says: [0.8, 0.2] },
  { value: 5, label: 1, root: 0.3, below: 0.3, says: [0.99, 0.01] },
];
const pathsOf = ({ root, below }: (typeof rows)[number]): number[] => [
  (1 - root) * (1 - below),
  (1 - root) * below,
  root * (1 - below),
  root * below,
];
const distributions = [0.9, 0.1, 0.6, 0.4, 0.5, 0.5, 0.1, 0.9];

const split: Split = {
  count: rows.length,
  targets: { kind: 'classes', labels: Int32Array.from(rows, ({ label }) => label) },
  read: (indices, target) => {
    target.set(Array.from(indices, (index) => rows[index]!.value));
    return Promise.resolve();
  },
};

/** What the rows say, by the value of each sample. */
const run = (samples: Float32Array): Promise<SoftTreeOutputs> => {
  const batch = Array.from(samples, (value) => rows[value - 1]!);
  const odds = (p: number): number => Math.log(p / (1 - p));
  return Promise.resolve({
    logits: Float32Array.from(batch.flatMap(({ says }) => says.map(Math.log))),
    routing: Float32Array.from(batch.flatMap(({ root, below }) => [root, below, below].map(odds))),
    leafLogProbabilities: Float32Array.from(batch.flatMap((row) => pathsOf(row).map(Math.log))),
    leafLogDistributions: Float32Array.from(distributions, Math.log),
  });
};

const measure = (signal = new AbortController().signal) =>
  measureSoftTree({ run, batchSize: 2, split, sampleShape: [1], classes, leaves, signal });

describe('measureSoftTree', () => {
  it('sums up what comes to each leaf, without the filling of the last batch', async () => {
    const { leaves: measured } = await measure();
    assert.deepEqual(
      measured.map(({ samples }) => samples),
      [2, 1, 1, 1],
    );
    measured.forEach(({ probability, distribution }, leaf) => {
      const expected = rows.reduce((sum, row) => sum + pathsOf(row)[leaf]!, 0) / rows.length;
      assert.ok(Math.abs(probability - expected) < 1e-6);
      distribution.forEach((share, label) => {
        assert.ok(Math.abs(share - distributions[2 * leaf + label]!) < 1e-6);
      });
    });
  });

  it('follows the first right sample of every class, then the mistakes, the surest first', async () => {
    const { paths } = await measure();
    assert.deepEqual(
      paths.map(({ sample, label, predicted, leaf }) => ({ sample, label, predicted, leaf })),
      [
        { sample: 0, label: 0, predicted: 0, leaf: 0 },
        { sample: 1, label: 1, predicted: 1, leaf: 3 },
        { sample: 4, label: 1, predicted: 0, leaf: 0 },
        { sample: 2, label: 0, predicted: 1, leaf: 2 },
      ],
    );
    const [, right] = paths;
    assert.deepEqual(right!.values, [2]);
    assert.ok(Math.abs(right!.probability - 0.72) < 1e-6);
    assert.deepEqual(
      right!.right.map((chance) => chance.toFixed(4)),
      ['0.8000', '0.9000'],
    );
  });

  it('keeps the five mistakes of the largest loss', async () => {
    const count = 12;
    const { paths } = await measureSoftTree({
      run: (samples) =>
        Promise.resolve({
          logits: Float32Array.from([...samples].flatMap((value) => [Math.log(value), Math.log(1 - value)])),
          routing: new Float32Array(samples.length * 1),
          leafLogProbabilities: new Float32Array(samples.length * 2).fill(Math.log(0.5)),
          leafLogDistributions: new Float32Array(4).fill(Math.log(0.5)),
        }),
      ...{ batchSize: 5, sampleShape: [1], classes: 2, leaves: 2, signal: new AbortController().signal },
      split: {
        count,
        targets: { kind: 'classes', labels: new Int32Array(count) },
        // Chances of class 0 that fall, then rise.
        read: (indices, target) => {
          target.set(Array.from(indices, (index) => 0.01 + 0.04 * Math.abs(6 - index)));
          return Promise.resolve();
        },
      },
    });
    assert.deepEqual(
      paths.map(({ sample }) => sample),
      [6, 5, 7, 4, 8],
    );
  });

  it('stops when the signal aborts', async () => {
    await assert.rejects(measure(AbortSignal.abort()), { code: 'CANCELLED' });
  });
});
