import assert from 'node:assert/strict';
import { settleTraining } from '../../../../src/training/budget/settleTraining.ts';

const open = { epochs: 'auto', batchSize: 'auto', learningRate: 'auto', optimizer: 'adam' } as const;
const stepsFor = (samples: number): number => {
  const { epochs, batchSize } = settleTraining(open, { samples, start: 'new' });
  return epochs * Math.max(1, Math.floor(samples / batchSize));
};

describe('what a training decides that its file leaves open', () => {
  it('gives a few hundred rows thousands of steps, and a million rows an end', () => {
    for (const samples of [1, 20, 150, 550, 5000])
      assert.ok(stepsFor(samples) >= 3000, `${samples}: ${stepsFor(samples)}`);
    assert.ok(stepsFor(60_000) >= 9000);
    assert.ok(stepsFor(1_000_000) <= 3 * (1_000_000 / 128));
  });

  it('gives images that are changed at random three times the steps, within the same bound', () => {
    const epochs = (samples: number, isEnlarged: boolean): number =>
      settleTraining(open, { samples, start: 'new', isEnlarged }).epochs;
    assert.equal(epochs(1280, true), 3 * epochs(1280, false));
    assert.equal(epochs(60_000, true), epochs(60_000, false));
  });

  it('takes larger batches of more samples, 32 to 128', () => {
    const batches = [10, 550, 3000, 60_000].map((samples) => settleTraining(open, { samples, start: 'new' }).batchSize);
    assert.deepEqual(batches, [10, 32, 64, 128]);
  });

  it('never takes more samples for a batch than there are, whatever is written', () => {
    const batch = (batchSize: number | 'auto', samples: number, workers = 1): number =>
      settleTraining({ ...open, epochs: 10, batchSize }, { samples, start: 'new', workers }).batchSize;
    assert.equal(batch(65_536, 36), 36);
    assert.equal(batch(65_536, 36, 4), 9, 'each worker has its share');
    assert.equal(batch('auto', 36), 36);
    assert.equal(batch(36, 36), 36);
    assert.equal(batch(7, 36), 7);
    assert.equal(batch(4, 1, 2), 1);
  });

  it('changes trained weights in smaller steps, and goes by the optimizer', () => {
    const rate = (change: Partial<Parameters<typeof settleTraining>[0]>, start: 'new' | 'trained') =>
      settleTraining({ ...open, ...change }, { samples: 1000, start }).learningRate;
    assert.ok(rate({}, 'trained') < rate({}, 'new'));
    assert.ok(rate({ optimizer: 'lion' }, 'new') < rate({}, 'new'));
    assert.ok(rate({ optimizer: 'sgd' }, 'new') > rate({}, 'new'));
  });

  it('changes weights in larger steps where several workers do fewer of them each', () => {
    const rate = (workers: number, epochs: number | 'auto', learningRate: number | 'auto' = 'auto') =>
      settleTraining({ ...open, epochs, learningRate }, { samples: 1000, start: 'new', workers }).learningRate;
    assert.equal(rate(4, 'auto'), 2 * rate(1, 'auto'));
    assert.equal(rate(4, 10), 2 * rate(1, 10));
    assert.equal(rate(4, 10, 0.001), 0.001, 'what is written stays');
  });

  it('leaves what is written as it is, without an end of its own', () => {
    const written = { epochs: 10, batchSize: 7, learningRate: 0.5, optimizer: 'sgd' } as const;
    assert.deepEqual(settleTraining(written, { samples: 1000, start: 'trained' }), written);
    assert.deepEqual(settleTraining({ ...open, epochs: 10 }, { samples: 200, start: 'trained' }), {
      ...open,
      epochs: 10,
      batchSize: 128,
      learningRate: 0.001,
    });
  });
});
