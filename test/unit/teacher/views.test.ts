import assert from 'node:assert/strict';
import { join } from 'node:path';
import { shuffledBatches } from '../../../src/data/batches.ts';
import type { Dataset } from '../../../src/data/dataset.ts';
import { openDataset } from '../../../src/data/openDataset.ts';
import { randomStream } from '../../../src/data/random.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../src/onnx/file.ts';
import type { ObjectiveTerm } from '../../../src/objectives/objectiveTerm.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';
import { OutputCache, type CacheEvent } from '../../../src/teacher/cache/outputCache.ts';
import { listOutputs } from '../../../src/teacher/cache/pruneOutputs.ts';
import type { Held } from '../../../src/teacher/openSource.ts';
import { teach } from '../../../src/teacher/teach.ts';
import type { BatchAugmentation } from '../../../src/training/augmentation/batchAugmentation.ts';
import { BatchFeeder } from '../../../src/training/batchFeeder.ts';
import { loadNetwork, openNetwork, type NetworkFile } from '../../../src/training/engines/networkFile.ts';
import type { Predictor } from '../../../src/training/engines/predictor.ts';
import { openSessions } from '../../../src/training/engines/session.ts';
import { featureInput, teacherInput } from '../../../src/training/trainingTask.ts';
import { datasetOptions, removeFolder, temporaryFolder } from '../../support/datasets.ts';

const SIZE = 784;
const CLASSES = 10;
const BATCH = 16;
const VIEWS = 2;

describe('outputs of a teacher for views of the samples', () => {
  let folder: string;
  let dataset: Dataset;
  let teacher: NetworkFile;
  let feature: string;
  let live: Predictor;
  let objective: readonly ObjectiveTerm[];

  before(async () => {
    folder = temporaryFolder();
    dataset = await openDataset(datasetOptions('builtin:digits', { limit: 90 }), { baseDirectory: '.', seed: 0 });
    const form = classifierForm([SIZE], CLASSES);
    const graph = buildStudent({ architecture: 'mlp', hidden: [12] }, form, randomStream(1, 'weights'));
    await saveModel(join(folder, 'teacher.onnx'), exportModel(graph, { name: 'teacher' }));
    teacher = await loadNetwork(join(folder, 'teacher.onnx'), { sampleShape: [1, 28, 28] });
    feature = teacher.graph.nodes.find(({ operator }) => operator === 'Relu')!.outputs[0]!.name;
    objective = [
      { loss: 'kd', weight: 1, target: 'soft', temperature: 1, standardize: false },
      { loss: 'hint', weight: 1, student: 'hidden', teacher: feature },
    ];
    live = await openNetwork(teacher, { ...dataset, device: 'cpu', batchSize: BATCH, features: [feature] });
  });
  after(async () => {
    await live.dispose();
    removeFolder(folder);
    assert.equal(openSessions(), 0, 'a session was not released');
  });

  const batchAugmentation: BatchAugmentation = {
    augmentation: { shift: 3, noise: 0.05 },
    recolouring: {},
    statistics: undefined,
    background: [0],
    mixing: {},
    seed: 4,
    views: VIEWS,
  };

  const orders = (seed: number, epochs: number): Int32Array[][] => {
    const random = randomStream(seed, 'order');
    return Array.from({ length: epochs }, () => [...shuffledBatches(dataset.training.count, BATCH, random)]);
  };

  /** Another batch may round differently on some processors. */
  function assertClose(actual: Float32Array, expected: Float32Array, what: string): void {
    assert.equal(actual.length, expected.length);
    actual.forEach((value, index) => {
      assert.ok(Math.abs(value - expected[index]!) < 1e-4, `${what}, value ${index}: ${value}, not ${expected[index]}`);
    });
  }

  interface Watched {
    readonly events: readonly CacheEvent[];
    /** What was told of every sample in every view, by sample and view. */
    readonly told: ReadonlyMap<string, readonly number[]>;
  }

  /**
   * Feeds epochs as a training does and compares every row with what the teacher says of the samples in that batch.
   * @param from epochs that were over before
   */
  async function watch(
    cache: string,
    {
      change = batchAugmentation,
      seed = 0,
      epochs = 5,
      from = 0,
      held = 'in-memory',
    }: { change?: BatchAugmentation; seed?: number; epochs?: number; from?: number; held?: Held } = {},
  ): Promise<Watched> {
    const events: CacheEvent[] = [];
    const { views = VIEWS } = change;
    const outputs = new OutputCache({ folder: cache, precision: 'float32', onEvent: (event) => events.push(event) });
    const taught = await teach(
      { members: [{ model: teacher, weight: 1 }] },
      {
        dataset,
        objective,
        device: 'cpu',
        seed: 0,
        asking: {
          kind: 'views',
          held,
          batchAugmentation: change,
          views,
          batchesOf: (epoch) => orders(seed, epoch).at(-1) ?? [],
        },
        cache: { outputs, datasetPath: 'builtin:digits' },
        signal: new AbortController().signal,
        onProgress: () => undefined,
      },
    );
    const { training, sampleShape } = dataset;
    const feeder = new BatchFeeder({
      split: training,
      batchSize: BATCH,
      sampleShape,
      labelShape: [CLASSES],
      shapes: new Map([
        [teacherInput(0), [CLASSES]],
        [featureInput(feature), [12]],
      ]),
      teaching: taught.teaching,
      batchAugmentation: change,
    });
    const told = new Map<string, readonly number[]>();
    try {
      for (const [index, batches] of orders(seed, epochs).entries()) {
        if (index < from) continue;
        feeder.announce(batches);
        for (const [position, indices] of batches.entries()) {
          const step = index * batches.length + position + 1;
          const batch = await (await feeder.prepare({ indices, epoch: index + 1, step }))();
          const said = await live.run(batch['samples']!);
          assertClose(batch[teacherInput(0)]!, said.get(teacher.output)!, `epoch ${index + 1}, batch ${position}`);
          assertClose(batch[featureInput(feature)]!, said.get(feature)!, `feature in epoch ${index + 1}`);
          indices.forEach((sample, row) => {
            const rows = batch[teacherInput(0)]!.slice(row * CLASSES, (row + 1) * CLASSES);
            told.set(`${sample} ${index % views}`, [...rows]);
          });
        }
      }
    } finally {
      await feeder.dispose();
      await taught.dispose();
    }
    return { events, told };
  }

  const kinds = ({ events }: Watched): string[] =>
    events.map((event) => (event.kind === 'warning' ? 'warning' : `${event.kind} ${event.view ?? 'as they are'}`));

  it('are what the teacher says of the very samples that the student sees, in every epoch, computed and read', async () => {
    const cache = join(folder, 'cache');
    const computed = await watch(cache);
    assert.deepEqual(kinds(computed), ['written as they are', 'written 0', 'written 1']);
    const read = await watch(cache, { seed: 7 });
    assert.deepEqual(kinds(read), ['read as they are', 'read 0', 'read 1']);
    for (const [sample, row] of read.told) {
      if (computed.told.has(sample)) assert.deepEqual(row, computed.told.get(sample), sample);
    }
    const described = (await listOutputs(cache)).map(({ description }) => `${description?.split} ${description?.view}`);
    assert.deepEqual(described.sort(), ['training 0', 'training 1', 'validation undefined']);
  });

  it('are the very same where they are read from the disk, row by row', async () => {
    const inMemory = await watch(join(folder, 'held'));
    const cache = join(folder, 'on-disk');
    const computed = await watch(cache, { held: 'on-disk' });
    assert.deepEqual(kinds(computed), ['written as they are', 'written 0', 'written 1']);
    assert.deepEqual(computed.told, inMemory.told);
    const read = await watch(cache, { held: 'on-disk' });
    assert.deepEqual(kinds(read), ['read as they are', 'read 0', 'read 1']);
    assert.deepEqual(read.told, inMemory.told);
    const others = await watch(cache);
    assert.deepEqual(kinds(others), ['read as they are', 'read 0', 'read 1'], 'the files are the same');
    assert.deepEqual(others.told, inMemory.told);
  });

  it('are others for other changes and another seed of them, and the same where there are more views', async () => {
    const cache = join(folder, 'changes');
    await watch(cache);
    const written = ['read as they are', 'written 0', 'written 1'];
    assert.deepEqual(kinds(await watch(cache, { change: { ...batchAugmentation, seed: 5 } })), written);
    assert.deepEqual(
      kinds(await watch(cache, { change: { ...batchAugmentation, augmentation: { shift: 2 } } })),
      written,
    );
    const more = await watch(cache, { change: { ...batchAugmentation, views: 4 } });
    assert.deepEqual(kinds(more), ['read as they are', 'read 0', 'read 1', 'written 2', 'written 3']);
  });

  it('are the same in a training that goes on in a later epoch', async () => {
    const whole = await watch(join(folder, 'whole'));
    const resumed = await watch(join(folder, 'resumed'), { from: 3 });
    assert.deepEqual(kinds(resumed), ['written as they are', 'written 1', 'written 0']);
    for (const [sample, row] of resumed.told) assert.deepEqual(row, whole.told.get(sample), sample);
  });
});
