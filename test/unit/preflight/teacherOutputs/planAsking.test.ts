import assert from 'node:assert/strict';
import { join } from 'node:path';
import { shuffledBatches } from '../../../../src/data/batches.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { heldOutputBytes, storedOutputs, type Planned } from '../../../../src/preflight/teacherOutputs/outputBytes.ts';
import { preflight } from '../../../../src/preflight/preflight.ts';
import type { Prepared } from '../../../../src/preflight/prepared.ts';
import { orderOfSamples } from '../../../../src/training/orderOfSamples.ts';
import { planAsking } from '../../../../src/preflight/teacherOutputs/planAsking.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../../src/onnx/file.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import type { Asking } from '../../../../src/teacher/openSource.ts';
import { teach, type Teachers } from '../../../../src/teacher/teach.ts';
import { teacherInput } from '../../../../src/training/trainingTask.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { tinyExperiment } from '../../../support/runs.ts';
import { settled } from '../../../support/settled.ts';

const PLENTY = { memory: Infinity, disk: 0 };

describe('when the teachers are asked about the training split', () => {
  const folder = temporaryFolder();
  const model = join(folder, 'teacher.onnx');
  let prepared: Prepared;
  let teachers: Teachers;

  const experimentWith = (change: object) =>
    settled({ ...tinyExperiment, teacher: { model }, training: { epochs: 3, batchSize: 50 }, ...change });
  const planned = (change: object = {}): Planned => ({ experiment: experimentWith(change), prepared });
  const kindOf = (change: object, memory = Infinity, disk = 0): string => {
    const asking = planAsking(planned(change), teachers, { memory, disk });
    return 'held' in asking && asking.held === 'on-disk' ? `${asking.kind}, on disk` : asking.kind;
  };

  before(async () => {
    const form = classifierForm([784], 10);
    const graph = buildStudent({ architecture: 'mlp', hidden: [12] }, form, randomStream(1, 'weights'));
    await saveModel(model, exportModel(graph, { name: 'teacher' }));
    const options = { baseDirectory: folder, signal: new AbortController().signal, onProgress: () => undefined };
    prepared = await preflight(experimentWith({}), options);
    assert.ok(prepared.teachers);
    teachers = prepared.teachers;
  });
  after(async () => {
    await prepared.dataset.dispose();
    removeFolder(folder);
  });

  it('follows from what the student sees', () => {
    const augmentation = { shift: 2 };
    assert.equal(kindOf({}), 'first-epoch');
    assert.equal(kindOf({ augmentation }), 'every-step');
    assert.equal(kindOf({ augmentation, cache: { views: 2 } }), 'views');
    assert.equal(kindOf({ student: { extractor: model } }), 'beforehand');
  });

  it('is at every step where what they say does not fit into memory', () => {
    const bytes = heldOutputBytes(planned(), teachers);
    assert.equal(bytes, 400 * 10 * 4);
    assert.equal(kindOf({}, bytes), 'first-epoch');
    assert.equal(kindOf({}, bytes - 1), 'every-step');
    const views = { augmentation: { shift: 2 }, cache: { views: 2 } };
    assert.equal(kindOf(views, 2 * bytes), 'views');
    assert.equal(kindOf(views, 2 * bytes - 1), 'every-step');
    assert.equal(kindOf({ cache: { topK: 3 } }, 400 * (3 * 4 + 4 * 4)), 'first-epoch');
  });

  it('is once where they do not fit into memory, but on the disk', () => {
    const bytes = 400 * 10 * 4;
    assert.equal(kindOf({}, bytes - 1, bytes), 'first-epoch, on disk');
    assert.equal(kindOf({}, bytes - 1, bytes - 1), 'every-step');
    assert.equal(kindOf({}, bytes, bytes), 'first-epoch');
    assert.equal(kindOf({ augmentation: { shift: 2 }, cache: { views: 2 } }, 0, 2 * bytes), 'views, on disk');
    assert.equal(kindOf({ augmentation: { shift: 2 } }, 0, 2 * bytes), 'every-step');
    assert.equal(kindOf({ student: { extractor: model } }, 0, bytes), 'beforehand, on disk');
    assert.equal(kindOf({ student: { extractor: model } }, 0), 'beforehand');
    const objective = [{ loss: 'kd', weight: 1, target: { clusters: 4 }, temperature: 1, standardize: false }] as const;
    const clustered = { ...planned(), prepared: { ...prepared, objective } };
    assert.equal(planAsking(clustered, teachers, { memory: 0, disk: bytes }).kind, 'every-step');
  });

  it('counts values inside the teacher, and views that are seen', () => {
    const feature = teachers.members[0]!.model.graph.nodes.find(({ operator }) => operator === 'Relu')!.outputs[0]!
      .name;
    const objective = [
      { loss: 'kd', weight: 1, target: 'soft', temperature: 1, standardize: false },
      { loss: 'hint', weight: 1, student: 'hidden', teacher: feature },
    ] as const;
    assert.equal(
      heldOutputBytes({ ...planned(), prepared: { ...prepared, objective } }, teachers),
      400 * (10 + 12) * 4,
    );
    const views = planned({ augmentation: { shift: 2 }, cache: { views: 5, precision: 'float16' } });
    assert.equal(heldOutputBytes(views, teachers), 3 * 400 * 10 * 4, 'three epochs see three views');
    const { count } = prepared.dataset.validation;
    const bytesOf = (asking: Asking): number =>
      storedOutputs(views, teachers, asking).reduce((sum, { bytes }) => sum + bytes, 0);
    assert.equal(bytesOf(planAsking(views, teachers, PLENTY)), (3 * 400 + count) * 10 * 2);
    assert.equal(bytesOf({ kind: 'every-step', batchSize: 50 }), count * 10 * 2);
  });

  it('knows the batches of every epoch of the training', () => {
    const asking = planAsking(planned(), teachers, PLENTY);
    assert.ok(asking.kind === 'first-epoch');
    const random = orderOfSamples(0);
    for (const epoch of [1, 2, 3]) {
      assert.deepEqual(asking.batchesOf(epoch), [...shuffledBatches(400, 50, random)]);
    }
  });

  it('makes no difference to what is said', async () => {
    const { dataset, objective } = prepared;
    const { signal } = new AbortController();
    const options = { dataset, objective, device: 'cpu', seed: 0, signal, onProgress: () => undefined } as const;
    const said: Float32Array[] = [];
    for (const room of [PLENTY, { memory: 0, disk: 0 }]) {
      const taught = await teach(teachers, { ...options, asking: planAsking(planned(), teachers, room) });
      const indices = Int32Array.from({ length: 50 }, (_, row) => (7 * row) % 400);
      const samples = new Float32Array(50 * 784);
      await dataset.training.read(indices, samples);
      const rows = new Float32Array(500);
      await taught.teaching.write({ indices, samples, epoch: 1 }, { [teacherInput(0)]: rows });
      await taught.dispose();
      said.push(rows);
    }
    const [once = new Float32Array(0), anew = new Float32Array(0)] = said;
    // Other batches may be rounded differently.
    once.forEach((value, index) => {
      assert.ok(Math.abs(value - anew[index]!) < 1e-4);
    });
    assert.ok(once.some((value) => value !== 0));
  });
});
