import assert from 'node:assert/strict';
import { readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../../../src/data/dataset.ts';
import { openDataset } from '../../../../src/data/openDataset.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { usualObjective } from '../../../../src/objectives/chooseObjective.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../../src/onnx/file.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { OutputCache, type CacheEvent } from '../../../../src/teacher/cache/outputCache.ts';
import type { Precision } from '../../../../src/teacher/cache/outputsFile.ts';
import { listOutputs, pruneOutputs, type StoredOutputs } from '../../../../src/teacher/cache/pruneOutputs.ts';
import { teach, type TaughtSplits } from '../../../../src/teacher/teach.ts';
import { loadNetwork, openNetwork, type NetworkFile } from '../../../../src/training/engines/networkFile.ts';
import { openSessions } from '../../../../src/training/engines/session.ts';
import { teacherInput } from '../../../../src/training/trainingTask.ts';
import { datasetOptions, removeFolder, temporaryFolder } from '../../../support/datasets.ts';

const SIZE = 784;
const CLASSES = 10;

const objective = usualObjective('classification', true);

describe('OutputCache', () => {
  const folders: string[] = [];
  let dataset: Dataset;
  let teacher: NetworkFile;
  const newFolder = (): string => {
    const folder = temporaryFolder();
    folders.push(folder);
    return folder;
  };
  const teacherFile = async (seed: number): Promise<NetworkFile> => {
    const graph = buildStudent(
      { architecture: 'mlp', hidden: [16] },
      classifierForm([SIZE], CLASSES),
      randomStream(seed, 'weights'),
    );
    const path = join(newFolder(), 'teacher.onnx');
    await saveModel(path, exportModel(graph, { name: 'teacher' }));
    return loadNetwork(path, { sampleShape: [1, 28, 28] });
  };
  before(async () => {
    dataset = await openDataset(datasetOptions('builtin:digits', { limit: 300 }), { baseDirectory: '.', seed: 0 });
    teacher = await teacherFile(1);
  });
  after(() => {
    folders.forEach(removeFolder);
    assert.equal(openSessions(), 0, 'a session was not released');
  });

  interface Asked {
    readonly taught: TaughtSplits;
    readonly events: readonly CacheEvent[];
    /** How often the teacher ran. */
    readonly batches: number;
  }

  async function ask(
    folder: string,
    {
      data = dataset,
      model = teacher,
      precision = 'float32',
    }: { data?: Dataset; model?: NetworkFile; precision?: Precision } = {},
  ): Promise<Asked> {
    const events: CacheEvent[] = [];
    let batches = 0;
    const outputs = new OutputCache({ folder, precision, onEvent: (event) => events.push(event) });
    const taught = await teach(
      { members: [{ model, weight: 1 }] },
      {
        dataset: data,
        objective,
        device: 'cpu',
        seed: 0,
        cache: { outputs, datasetPath: 'builtin:digits' },
        signal: new AbortController().signal,
        onProgress: () => batches++,
      },
    );
    return { taught, events, batches };
  }

  const kinds = ({ events }: Asked): string[] => events.map(({ kind }) => kind);

  /** The teacher's rows for these samples, as training gets them. */
  async function rowsFor({ taught }: Asked, indices: Int32Array): Promise<Float32Array> {
    const rows = new Float32Array(indices.length * CLASSES);
    await taught.teaching.write({ indices, samples: new Float32Array(0), epoch: 1 }, { [teacherInput(0)]: rows });
    return rows;
  }

  it('gives every sample what the live teacher says of it, in whatever order the samples come', async () => {
    const folder = newFolder();
    await ask(folder);
    const again = await ask(folder);
    assert.deepEqual(kinds(again), ['read', 'read']);
    assert.equal(again.batches, 0, 'the teacher did not run');
    const order = randomStream(5, 'shuffled').shuffle(
      Int32Array.from({ length: dataset.training.count }, (_, index) => index),
    );
    const rows = await rowsFor(again, order);
    const live = await openNetwork(teacher, { ...dataset, device: 'cpu', batchSize: 1 });
    try {
      for (const [position, index] of order.entries()) {
        const sample = new Float32Array(SIZE);
        await dataset.training.read([index], sample);
        const said = (await live.run(sample)).get(teacher.output)!;
        said.forEach((value, column) => {
          const row = rows[position * CLASSES + column]!;
          assert.ok(Math.abs(row - value) < 1e-4, `sample ${index}, class ${column}: ${row} is not ${value}`);
        });
      }
    } finally {
      await live.dispose();
    }
  });

  it('gives the same numbers when they are computed as when they are read, at half precision too', async () => {
    const all = Int32Array.from({ length: dataset.training.count }, (_, index) => index);
    for (const precision of ['float32', 'float16'] as const) {
      const folder = newFolder();
      const [first, second] = [await ask(folder, { precision }), await ask(folder, { precision })];
      assert.deepEqual(kinds(first), ['written', 'written']);
      assert.deepEqual(kinds(second), ['read', 'read']);
      assert.deepEqual(await rowsFor(second, all), await rowsFor(first, all));
      assert.deepEqual(second.taught.validation, first.taught.validation);
    }
  });

  it('takes half the space at half precision, and is then three digits exact', async () => {
    const [whole, half] = [newFolder(), newFolder()];
    const exact = await ask(whole);
    const rounded = await ask(half, { precision: 'float16' });
    const size = async (folder: string): Promise<number> =>
      (await listOutputs(folder)).reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok((await size(half)) < 0.55 * (await size(whole)));
    exact.taught.validation.forEach((value, index) => {
      assert.ok(Math.abs(rounded.taught.validation[index]! - value) <= 2 ** -11 * Math.abs(value) + 2 ** -24);
    });
  });

  it('computes anew for another teacher, other samples, and other preparation', async () => {
    const folder = newFolder();
    await ask(folder);
    assert.deepEqual(kinds(await ask(folder, { model: await teacherFile(2) })), ['written', 'written']);
    const smaller = await openDataset(datasetOptions('builtin:digits', { limit: 200 }), {
      baseDirectory: '.',
      seed: 0,
    });
    assert.deepEqual(
      kinds(await ask(folder, { data: smaller })),
      ['read', 'written'],
      'the validation split is the same',
    );
    const normalized = await openDataset(datasetOptions('builtin:digits', { limit: 300, normalization: 'mnist' }), {
      baseDirectory: '.',
      seed: 0,
    });
    assert.deepEqual(kinds(await ask(folder, { data: normalized })), ['written', 'written']);
  });

  it('throws a damaged file away with a warning and computes what it held', async () => {
    const damage: readonly ((path: string) => void)[] = [
      (path) => {
        truncateSync(path, 500);
      },
      (path) => {
        truncateSync(path, 3);
      },
      (path) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 9]! ^= 1;
        writeFileSync(path, bytes);
      },
      (path) => {
        writeFileSync(path, Buffer.alloc(4000, 0xff));
      },
    ];
    const folder = newFolder();
    const intact = await ask(folder);
    for (const [index, spoil] of damage.entries()) {
      for (const name of readdirSync(folder)) spoil(join(folder, name));
      const asked = await ask(folder);
      assert.deepEqual(kinds(asked), ['warning', 'written', 'warning', 'written'], `damage ${index}`);
      const [warning] = asked.events;
      assert.ok(warning?.kind === 'warning');
      assert.match(warning.problem.message, /is damaged, or holds no outputs/);
      assert.deepEqual(asked.taught.validation, intact.taught.validation);
      assert.deepEqual(kinds(await ask(folder)), ['read', 'read']);
    }
  });

  it('goes on with a warning where nothing can be written', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const asked = await ask(join(file, 'cache'));
    assert.deepEqual(kinds(asked), ['warning', 'warning']);
    assert.equal(asked.taught.validation.length, dataset.validation.count * CLASSES);
  });

  it('stops when it is told to', async () => {
    const stopped = AbortSignal.abort();
    const outputs = new OutputCache({ folder: newFolder(), precision: 'float32', onEvent: () => undefined });
    const cache = { outputs, datasetPath: '' };
    const options = {
      dataset,
      objective,
      device: 'cpu',
      seed: 0,
      cache,
      signal: stopped,
      onProgress: () => undefined,
    } as const;
    await assert.rejects(teach({ members: [{ model: teacher, weight: 1 }] }, options), { code: 'CANCELLED' });
  });

  it('lists what is stored and removes what is old, too much, or everything', async () => {
    const folder = newFolder();
    assert.deepEqual(await listOutputs(join(folder, 'none')), []);
    await ask(folder);
    const ages: Readonly<Record<string, number>> = { validation: 3, training: 2 };
    for (const { path, description } of await listOutputs(folder)) {
      const usedAt = new Date(Date.now() - 3_600_000 * (ages[description?.split ?? ''] ?? 0));
      utimesSync(path, usedAt, usedAt);
    }
    writeFileSync(join(folder, 'half-written.safetensors'), 'x');
    const stored = await listOutputs(folder);
    assert.deepEqual(
      stored.map(({ description }) => description && `${description.split} ${description.count}`),
      [undefined, `training ${dataset.training.count}`, `validation ${dataset.validation.count}`],
    );
    const [, training] = stored;
    assert.equal(training!.description?.teacher, teacher.file.path);
    assert.deepEqual(await pruneOutputs(folder, { usedBefore: new Date(Date.now() - 4 * 3_600_000) }), []);
    const splitsOf = (removed: readonly StoredOutputs[]) => removed.map(({ description }) => description?.split);
    assert.deepEqual(splitsOf(await pruneOutputs(folder, { bytes: training!.bytes + 1 })), ['validation']);
    const old = new Date(Date.now() - 3_600_000);
    assert.deepEqual(splitsOf(await pruneOutputs(folder, { usedBefore: old })), ['training']);
    assert.deepEqual(splitsOf(await pruneOutputs(folder, { bytes: 0 })), [undefined]);
    assert.deepEqual(readdirSync(folder), []);
  });
});
