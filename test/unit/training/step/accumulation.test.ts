import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import type { Split } from '../../../../src/data/samples/split.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { OnnxRuntimeEngine } from '../../../../src/training/engines/onnxruntimeEngine.ts';
import { trainNetwork } from '../../../../src/training/trainNetwork.ts';
import type { TrainingOptions } from '../../../../src/training/trainNetworkOptions.ts';

const COUNT = 16;

const split: Split = {
  count: COUNT,
  targets: { kind: 'classes', labels: Int32Array.from({ length: COUNT }, (_, index) => index % 3) },
  read: (indices, target) => {
    Array.from(indices).forEach((index, row) => {
      target[row * 2] = Math.sin(3 * index);
      target[row * 2 + 1] = Math.cos(5 * index);
    });
    return Promise.resolve();
  },
};

/** The weights after two epochs, side by side. */
async function weightsAfter(change: Partial<TrainingOptions>): Promise<readonly number[]> {
  const trained = await trainNetwork({
    network: 'student',
    graph: buildStudent({ architecture: 'mlp', hidden: [5] }, classifierForm([2], 3), randomStream(0, 'weights')),
    task: 'classification',
    samples: { kind: 'values' },
    sampleShape: [2],
    outputShape: [3],
    training: split,
    validation: split,
    objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    options: {
      optimizer: 'adam',
      learningRate: 0.05,
      momentum: 0.9,
      schedule: 'constant',
      warmup: 0,
      batchSize: 8,
      epochs: 2,
      seed: 0,
      ...change,
    },
    device: 'cpu',
    random: randomStream(0, 'order'),
    // The last epoch is the best one.
    measure: (outputs) => ({ accuracy: null, loss: (measured -= outputs.length > 0 ? 1 : 0) }),
    signal: new AbortController().signal,
    onEvent: () => undefined,
  });
  return [...trained.weights.values()].flatMap(({ data }) => Array.from(data));
}

let measured = 0;

function assertAlike(one: readonly number[], other: readonly number[], most = 2e-5): void {
  assert.equal(one.length, other.length);
  one.forEach((value, index) => {
    assert.ok(Math.abs(value - other[index]!) < most, `weight ${index}: ${value} against ${other[index]!}`);
  });
}

describe('accumulated gradients', () => {
  for (const [name, change] of [
    ['Adam', {}],
    ['momentum', { optimizer: 'sgd' }],
    ['clipped gradients', { clipNorm: 0.05 }],
    ['an average of the weights', { averageDecay: 0.5 }],
  ] as const) {
    it(`of two batches train as one batch of twice the size does, with ${name}`, async () => {
      const whole = await weightsAfter({ ...change, batchSize: 8 });
      assertAlike(await weightsAfter({ ...change, batchSize: 4, accumulate: 2 }), whole);
      assertAlike(await weightsAfter({ ...change, batchSize: 2, accumulate: 4 }), whole);
    });
  }

  it('make a difference', async () => {
    const alone = await weightsAfter({ batchSize: 4 });
    const together = await weightsAfter({ batchSize: 4, accumulate: 2 });
    assert.ok(alone.some((value, index) => Math.abs(value - together[index]!) > 1e-3));
  });

  it('go on over the end of an epoch, and what fills no update waits', async () => {
    // 4 batches in an epoch, 3 in an update: 8 batches are 2 updates.
    const two = await weightsAfter({ batchSize: 4, accumulate: 3 });
    const none = await weightsAfter({ batchSize: 4, accumulate: 9 });
    const untouched = await weightsAfter({ batchSize: 4, accumulate: 100 });
    assert.deepEqual(none, untouched);
    assert.ok(two.some((value, index) => Math.abs(value - none[index]!) > 1e-3));
  });

  it('leave the statistics of normalisations what they are without: they move with every batch', async () => {
    const statisticsAfter = async (accumulate: number): Promise<Float32Array> => {
      const form = classifierForm([1, 4, 4], 3);
      const architecture = { architecture: 'convnet', channels: [4], hidden: [], batchNormalization: true } as const;
      const engine = await OnnxRuntimeEngine.open({
        task: 'classification',
        samples: { kind: 'values' },
        graph: buildStudent(architecture, form, randomStream(0, 'weights')),
        sampleShape: [1, 4, 4],
        outputShape: [3],
        objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
        optimizer: { optimizer: 'sgd', momentum: 0 },
        accumulate,
        seed: 0,
        batchSize: 2,
        predictionBatch: 2,
        device: 'cpu',
      });
      try {
        const steps = [1, 2].map((step) => ({
          batch: {
            samples: Float32Array.from({ length: 32 }, (_, place) => Math.sin(place * step)),
            labels: Float32Array.of(1, 0, 0, 0, 1, 0),
          },
          // Nothing is learned, so that both see the same.
          learningRate: 0,
          step,
        }));
        await engine.run(steps);
        return (await engine.readState()).get('statistics')!.data;
      } finally {
        await engine.dispose();
      }
    };
    assert.deepEqual(await statisticsAfter(3), await statisticsAfter(1));
  });
});
