import assert from 'node:assert/strict';
import type { Split } from '../../../src/data/samples/split.ts';
import { randomStream } from '../../../src/data/random.ts';
import {
  augmentBatch,
  augmentToView,
  takesLong,
  type BatchAugmentation,
  type BatchMoment,
} from '../../../src/training/augmentation/batchAugmentation.ts';
import { BatchFeeder } from '../../../src/training/batchFeeder.ts';
import { WorkerCount } from '../../support/workers.ts';

const SHAPE = [3, 64, 64];
const SIZE = 3 * 64 * 64;
const BATCH = 16;

/** Sixty-four noisy images of four classes. */
const random = randomStream(0, 'images');
const images = Float32Array.from({ length: 64 * SIZE }, () => random.uniform());
const split: Split = {
  count: 64,
  targets: { kind: 'classes', labels: Int32Array.from({ length: 64 }, (_, index) => index % 4) },
  read: (indices, target) => {
    Array.from(indices).forEach((index, row) => {
      target.set(images.subarray(index * SIZE, (index + 1) * SIZE), row * SIZE);
    });
    return Promise.resolve();
  },
};

const plain: BatchAugmentation = {
  augmentation: { shift: 2, flip: true },
  recolouring: {},
  statistics: undefined,
  background: [],
  mixing: { mixup: 0.5 },
  seed: 3,
};
const costly: BatchAugmentation = {
  ...plain,
  augmentation: { rotate: 10, noise: 0.1, contrast: 0.2 },
  recolouring: { randAugment: { operations: 2, magnitude: 0.5 } },
};

describe('BatchFeeder', () => {
  let workers: WorkerCount;
  beforeEach(() => {
    workers = new WorkerCount();
  });
  afterEach(() => {
    workers.stop();
    assert.equal(workers.alive, 0, 'threads are left');
  });

  const feederOf = (batchAugmentation: BatchAugmentation): BatchFeeder =>
    new BatchFeeder({
      split,
      batchSize: BATCH,
      sampleShape: SHAPE,
      labelShape: [4],
      shapes: new Map(),
      batchAugmentation,
    });
  const indicesOf = (step: number): Int32Array =>
    Int32Array.from({ length: BATCH }, (_, row) => (7 * step + 3 * row) % 64);
  /** Two batches are an epoch. */
  const momentOf = (step: number): BatchMoment => ({ indices: indicesOf(step), step, epoch: Math.ceil(step / 2) });

  for (const [what, batchAugmentation, threads] of [
    ['on this thread where that is quick', plain, 0],
    ['in a thread of its own where that takes long', costly, 1],
  ] as const) {
    it(`alters batches ${what}, each by its step alone`, async () => {
      assert.equal(takesLong(batchAugmentation, BATCH * SIZE), threads === 1);
      const feeder = feederOf(batchAugmentation);
      try {
        // Each is prepared before the one before is asked for, as a training does.
        let prepared = await feeder.prepare(momentOf(1));
        for (let step = 1; step <= 4; step++) {
          const batch = await prepared();
          prepared = await feeder.prepare(momentOf(step + 1));
          const expected = { samples: new Float32Array(BATCH * SIZE), labels: new Float32Array(BATCH * 4) };
          await split.read(indicesOf(step), expected.samples);
          indicesOf(step).forEach((index, row) => (expected.labels[4 * row + (index % 4)] = 1));
          augmentBatch(batchAugmentation, expected, SHAPE, momentOf(step));
          assert.deepEqual(batch['samples'], expected.samples);
          assert.deepEqual(batch['labels'], expected.labels);
        }
      } finally {
        await feeder.dispose();
      }
      assert.equal(workers.started, threads);
    });
  }

  it('has several batches altered in the thread at once, and fills released ones anew', async () => {
    const feeder = feederOf(costly);
    const expectedOf = async (step: number): Promise<Float32Array> => {
      const expected = { samples: new Float32Array(BATCH * SIZE), labels: new Float32Array(BATCH * 4) };
      await split.read(indicesOf(step), expected.samples);
      indicesOf(step).forEach((index, row) => (expected.labels[4 * row + (index % 4)] = 1));
      augmentBatch(costly, expected, SHAPE, momentOf(step));
      return expected.samples;
    };
    try {
      assert.equal(await feeder.prepareAll([]), undefined);
      const first = await (await feeder.prepareAll([1, 2, 3].map(momentOf)))!();
      const ahead = (await feeder.prepareAll([4, 5].map(momentOf)))!;
      for (const [index, batch] of first.entries()) assert.deepEqual(batch['samples'], await expectedOf(index + 1));
      for (const batch of first) feeder.release(batch);
      const last = await (await feeder.prepareAll([6, 7, 8, 9].map(momentOf)))!();
      for (const [index, batch] of (await ahead()).entries()) {
        assert.deepEqual(batch['samples'], await expectedOf(index + 4));
      }
      for (const [index, batch] of last.entries()) assert.deepEqual(batch['samples'], await expectedOf(index + 6));
      assert.deepEqual(new Set(last.slice(0, 3)), new Set(first));
    } finally {
      await feeder.dispose();
    }
  });

  for (const batchAugmentation of [
    { ...plain, mixing: {} },
    { ...costly, mixing: {} },
  ]) {
    const where = takesLong(batchAugmentation, BATCH * SIZE) ? 'in a thread' : 'on this thread';
    it(`gives a sample the same view in every batch and order, and others in the epochs between, ${where}`, async () => {
      const feeder = feederOf({ ...batchAugmentation, views: 2 });
      const seen = new Map<string, Float32Array>();
      try {
        for (let step = 1; step <= 8; step++) {
          const moment = momentOf(step);
          const { samples = new Float32Array(0) } = await (await feeder.prepare(moment))();
          indicesOf(step).forEach((index, row) => {
            const sample = samples.slice(row * SIZE, (row + 1) * SIZE);
            const view = (moment.epoch - 1) % 2;
            const alone = images.slice(index * SIZE, (index + 1) * SIZE);
            augmentToView(batchAugmentation, alone, [index], SHAPE, view);
            assert.deepEqual(sample, alone, `sample ${index}, view ${view}`);
            seen.set(`${index} ${view}`, sample);
          });
        }
      } finally {
        await feeder.dispose();
      }
      const both = Array.from({ length: 64 }, (_, index) => [seen.get(`${index} 0`), seen.get(`${index} 1`)]);
      const compared = both.filter(([one, other]) => one && other);
      assert.ok(compared.length > 10);
      const differing = compared.filter(([one, other]) => one!.some((value, position) => value !== other![position]));
      // Of few shifts and flips, two may be the same.
      assert.ok(differing.length > 0.7 * compared.length);
    });
  }

  it('leaves small batches to this thread, and none to a thread that has ended', async () => {
    assert.ok(!takesLong(costly, 1000));
    const feeder = feederOf(costly);
    const abandoned = await feeder.prepare(momentOf(1));
    await feeder.dispose();
    // It may have been done before.
    await abandoned().catch((error: unknown) => {
      assert.match(String(error), /has ended/);
    });
    const late = await feeder.prepare(momentOf(2));
    await assert.rejects(late(), /has ended/);
  });
});
