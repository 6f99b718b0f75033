import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { appendProjection } from '../../../../src/objectives/features/appendRegressor.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import type { ObjectiveTerm } from '../../../../src/objectives/objectiveTerm.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  type TrainingCheckpoint,
} from '../../../../src/training/checkpoints/checkpoint.ts';
import type { EngineOptions, EngineStep, TrainingEngine } from '../../../../src/training/engines/engine.ts';
import { OnnxRuntimeEngine } from '../../../../src/training/engines/onnxruntimeEngine.ts';
import { trainNetwork } from '../../../../src/training/trainNetwork.ts';
import { pairsAtATime } from '../../../support/pairsAtATime.ts';
import {
  contrastive,
  directionOf,
  featureOf,
  labels,
  queuedSplit,
  queuedTeaching,
  similarity,
  studentFor,
  WIDTH,
} from '../../../support/queuedTraining.ts';

interface Change extends Partial<EngineOptions> {
  readonly teacherShape?: readonly number[];
}

function optionsOf(objective: readonly ObjectiveTerm[], batchSize: number, change: Change = {}): EngineOptions {
  const { teacherShape = [WIDTH], ...more } = change;
  return {
    task: 'classification',
    samples: { kind: 'values' },
    graph: studentFor(objective, teacherShape),
    sampleShape: [2],
    outputShape: [3],
    objective,
    teacherFeatures: new Map([['code', teacherShape]]),
    optimizer: { optimizer: 'adam', momentum: 0 },
    seed: 0,
    batchSize,
    predictionBatch: 2,
    device: 'cpu',
    ...more,
  };
}

/** Steps over samples 0, 1, 2, … in their order. */
function stepsOf(count: number, batchSize: number, featureFor = featureOf): EngineStep[] {
  return Array.from({ length: count }, (_, index) => {
    const samples = Array.from({ length: batchSize }, (_row, row) => index * batchSize + row);
    const table = (numbers: (sample: number) => number[]) => Float32Array.from(samples.flatMap(numbers));
    return {
      batch: {
        samples: table((sample) => [Math.sin(sample), Math.cos(sample)]),
        labels: table((sample) => [0, 1, 2].map((label) => (label === sample % 3 ? 1 : 0))),
        'teacher.0': table((sample) => [sample % 2, 0, 1]),
        'teacher:code': table(featureFor),
      },
      learningRate: 0.01,
      step: index + 1,
    };
  });
}

async function withEngine<Result>(
  options: EngineOptions,
  work: (engine: TrainingEngine) => Promise<Result>,
): Promise<Result> {
  const engine = await OnnxRuntimeEngine.open(options);
  try {
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}

async function queueOf(engine: TrainingEngine, term = 'queue-similarity') {
  const state = await engine.readState();
  const { data } = state.get(`queue:${term}`)!;
  const rows = Array.from({ length: data.length / WIDTH }, (_, row) => [...data.slice(row * WIDTH, (row + 1) * WIDTH)]);
  return { rows, filled: state.get(`queue:${term}.filled`)!.data[0] };
}

function assertHolds(rows: readonly (readonly number[])[], samples: readonly (number | null)[]): void {
  assert.equal(rows.length, samples.length);
  rows.forEach((row, index) => {
    const sample = samples[index] ?? null;
    const wanted = sample === null ? [0, 0, 0] : directionOf(sample);
    row.forEach((value, axis) => {
      assert.ok(Math.abs(value - wanted[axis]!) < 1e-6, `entry ${index}: ${row.join()} against ${wanted.join()}`);
    });
  });
}

describe('a queue of features', () => {
  it('holds the latest, the oldest first, also where batches do not divide it', () =>
    withEngine(optionsOf([similarity(5)], 2), async (engine) => {
      const wanted: readonly (readonly [number, readonly (number | null)[]])[] = [
        [2, [null, null, null, 0, 1]],
        [4, [null, 0, 1, 2, 3]],
        [5, [1, 2, 3, 4, 5]],
        [5, [3, 4, 5, 6, 7]],
      ];
      for (const [index, step] of stepsOf(4, 2).entries()) {
        await engine.run([step]);
        const { rows, filled } = await queueOf(engine);
        assert.equal(filled, wanted[index]![0]);
        assertHolds(rows, wanted[index]![1]);
      }
    }));

  it('holds the end of a batch that is larger than it', () =>
    withEngine(optionsOf([similarity(3)], 4), async (engine) => {
      await engine.run(stepsOf(2, 4));
      const { rows, filled } = await queueOf(engine);
      assert.equal(filled, 3);
      assertHolds(rows, [5, 6, 7]);
    }));

  it('is what it was before the batch while the batch learns from it', () =>
    withEngine(optionsOf([labels, similarity(5), contrastive(5)], 2), async (engine) => {
      const [first, second] = stepsOf(2, 2);
      await engine.run([first!]);
      const [begun] = await engine.losses();
      assert.equal(begun!['queue-similarity'], 0);
      await engine.run([second!]);
      const [later] = await engine.losses();
      assert.ok(later!['queue-similarity']! > 0.1);
    }));

  it('gives a contrastive term its negatives from the second batch on', async () => {
    const curve = (queue?: number): Promise<number[]> =>
      withEngine(optionsOf([contrastive(queue)], 2), async (engine) => {
        await engine.run(stepsOf(2, 2));
        return (await engine.losses()).map(({ total }) => total!);
      });
    const [without, withQueue] = [await curve(), await curve(4)];
    assert.ok(Math.abs(without[0]! - withQueue[0]!) < 1e-6);
    assert.ok(withQueue[1]! > without[1]! + 0.05, `${withQueue[1]!} against ${without[1]!}`);
  });

  it('is the same after several steps in one run as after as many runs', async () => {
    const options = (): EngineOptions => optionsOf([labels, similarity(5), contrastive(3)], 2);
    const steps = stepsOf(6, 2);
    const inOne = await withEngine(options(), async (engine) => {
      await engine.run(steps);
      return engine.readState();
    });
    const oneByOne = await withEngine(options(), async (engine) => {
      for (const step of steps) await engine.run([step]);
      return engine.readState();
    });
    assert.deepEqual(inOne, oneByOne);
    assert.deepEqual(
      [...inOne.keys()].filter((name) => name.startsWith('queue:')),
      ['queue:queue-similarity', 'queue:queue-similarity.filled', 'queue:contrastive', 'queue:contrastive.filled'],
    );
  });

  it("averages the teacher's map over its positions", () => {
    const map = (sample: number): number[] => featureOf(sample).flatMap((value) => [value - 1, value + 1]);
    return withEngine(optionsOf([similarity(3)], 2, { teacherShape: [WIDTH, 2, 1] }), async (engine) => {
      await engine.run(stepsOf(2, 2, map));
      assertHolds((await queueOf(engine)).rows, [1, 2, 3]);
    });
  });

  it('takes every batch, also those whose gradients are only added up', () =>
    withEngine(optionsOf([similarity(5)], 2, { accumulate: 3 }), async (engine) => {
      await engine.run(stepsOf(2, 2));
      assertHolds((await queueOf(engine)).rows, [null, 0, 1, 2, 3]);
    }));

  it('in half precision keeps float32, and stays as it is where a step is left out', () =>
    withEngine(optionsOf([labels, similarity(5)], 2, { precision: 'float16' }), async (engine) => {
      const scale = async () => (await engine.readState()).get('lossScale')!.data[0]!;
      const held: number[] = [];
      const left: number[] = [];
      for (const step of stepsOf(8, 2)) {
        if (step.step === 6) step.batch['samples']!.fill(1e6);
        const before = await scale();
        await engine.run([step]);
        const samples = [2 * step.step - 2, 2 * step.step - 1];
        ((await scale()) < before ? left : held).push(...samples);
        const expected = [null, null, null, null, null, ...held].slice(-5);
        assertHolds((await queueOf(engine)).rows, expected);
      }
      assert.ok(left.includes(10) && held.length >= 6, `left out: ${left.join()}`);
    }));

  it('is the same where activations are computed again', async () => {
    const sampleShape = [1, 16, 16];
    const student = () => {
      const architecture = {
        architecture: 'convnet',
        channels: [16, 16],
        hidden: [64],
        batchNormalization: true,
      } as const;
      const graph = buildStudent(architecture, classifierForm(sampleShape, 3), randomStream(0, 'weights'));
      appendProjection(
        graph,
        graph.value('dense1.activation'),
        ['batch', WIDTH],
        'regressor.0',
        randomStream(0, 'map'),
      );
      return graph;
    };
    const steps = stepsOf(4, 8).map((step) => ({
      ...step,
      batch: {
        ...step.batch,
        samples: Float32Array.from({ length: 8 * 256 }, (_, place) => Math.sin(place * step.step)),
      },
    }));
    const [kept, again] = await Promise.all(
      [undefined, 3].map((recomputeSegments) =>
        withEngine(
          optionsOf([labels, similarity(12)], 8, { graph: student(), sampleShape, recomputeSegments }),
          async (engine) => {
            await engine.run(steps);
            return { ...(await queueOf(engine)), losses: await engine.losses() };
          },
        ),
      ),
    );
    assert.deepEqual(again!.rows, kept!.rows);
    again!.losses.forEach(({ total }, index) => {
      assert.ok(Math.abs(total! - kept!.losses[index]!.total!) < 1e-4 * (1 + total!));
    });
  });

  it('is not among the weights, and an objective without one has the state that it had', async () => {
    await withEngine(optionsOf([labels, similarity(5)], 2), async (engine) => {
      assert.ok(![...(await engine.readWeights()).keys()].some((name) => name.includes('queue')));
    });
    await withEngine(optionsOf([labels, contrastive()], 2), async (engine) => {
      const groups = ['parameters', 'parameters.undecayed'];
      const names = groups.flatMap((name) => [name, `adam.first:${name}`, `adam.second:${name}`]);
      assert.deepEqual([...(await engine.readState()).keys()].toSorted(), names.toSorted());
    });
  });

  it('goes on from any checkpoint to the very same weights', async () => {
    const objective = [labels, similarity(5), contrastive(7)];
    const train = async (stored?: TrainingCheckpoint) => {
      const checkpoints: TrainingCheckpoint[] = [];
      const { trainable: _all, ...task } = optionsOf(objective, 2);
      const { weights } = await trainNetwork({
        ...task,
        network: 'student',
        training: queuedSplit(12),
        validation: queuedSplit(12),
        teaching: queuedTeaching(),
        options: {
          ...pairsAtATime,
          epochs: 2,
          checkpointMinutes: 1e-9,
        },
        ...(stored === undefined && {
          openEngine: async (options) =>
            Object.defineProperty(await OnnxRuntimeEngine.open(options), 'mostSteps', { value: 1 }),
        }),
        random: randomStream(0, 'order'),
        measure: () => ({ accuracy: null, loss: (measured -= 1) }),
        checkpoints: {
          stored,
          save: (checkpoint) => {
            checkpoints.push(checkpoint);
            return Promise.resolve();
          },
        },
        signal: new AbortController().signal,
        onEvent: () => undefined,
      });
      return { weights, checkpoints };
    };
    // The last epoch is the best one.
    let measured = 0;
    const whole = await train();
    assert.equal(whole.checkpoints.length, 11);
    for (const checkpoint of whole.checkpoints) {
      const { weights } = await train(decodeCheckpoint(encodeCheckpoint(checkpoint, {}), 'x').checkpoint);
      assert.deepEqual(weights, whole.weights, `after step ${checkpoint.step}`);
    }
    // Without what was in the queues it would not be: the first step after the checkpoint has nothing to compare with.
    const [, , third] = whole.checkpoints;
    const emptied = new Map(third!.state);
    for (const [name, tensor] of emptied) {
      if (name.startsWith('queue:')) emptied.set(name, { ...tensor, data: new Float32Array(tensor.data.length) });
    }
    assert.notDeepEqual((await train({ ...third!, state: emptied })).weights, whole.weights);
  });
});
