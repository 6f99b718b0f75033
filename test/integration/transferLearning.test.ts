import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { randomStream } from '../../src/data/random.ts';
import { BadInputError } from '../../src/errors.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { loadModel, saveModel } from '../../src/onnx/file.ts';
import { decodeTensor } from '../../src/onnx/tensorProto.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import { buildStudent } from '../../src/students/buildStudent.ts';
import { classifierForm } from '../../src/students/networkForm.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { removeRuns, run, tinyExperiment } from '../support/runs.ts';
import { requireShared } from '../support/shared.ts';
import { fullOr, tellShortened } from '../support/full.ts';

/** What the phases of a run are told to be. */
const phases = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'phase' ? [event.message] : []));

const problemsOf = async (experiment: ExperimentInput): Promise<readonly (readonly [string, string])[]> => {
  const error: unknown = await run(experiment).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof BadInputError, String(error));
  return error.problems.map(({ where, message }) => [where, message]);
};

/** The contents of the weights of a file by name. */
const weightsIn = async (path: string): Promise<Map<string, string>> => {
  const { proto } = await loadModel(path);
  return new Map(proto.graph?.initializer.map((stored) => [stored.name, String(decodeTensor(stored).data)]));
};

describe('transfer learning', () => {
  const folder = temporaryFolder();
  const model = join(folder, 'net.onnx');
  before(async () => {
    const graph = buildStudent(
      { architecture: 'convnet', channels: [8, 16], hidden: [32], batchNormalization: true },
      classifierForm([1, 28, 28], 7),
      randomStream(1, 'weights'),
    );
    await saveModel(model, exportModel(graph, { name: 'net' }));
  });
  after(() => {
    removeRuns();
    removeFolder(folder);
  });

  it('trains a new head on a frozen front, computes its features once, and writes both as one model', async () => {
    const {
      result,
      events,
      folder: runFolder,
    } = await run({
      ...tinyExperiment,
      student: { extractor: model, head: { hidden: [24], dropout: 0.2 } },
      training: { epochs: 20, batchSize: 50, learningRate: 0.01 },
    });
    assert.equal(result.state, 'finished');
    const { student, baseline } = result.report;
    assert.ok(student.test.accuracy! > 0.35, `accuracy ${student.test.accuracy!}`);
    // The front of 32 features counts, its old output of 7 classes does not.
    const old = (await weightsIn(model)).size - 2;
    const written = await weightsIn(join(runFolder, 'student.onnx'));
    assert.equal(written.size, old + 4 + 1);
    const before = await weightsIn(model);
    for (const [name, contents] of before) {
      if (!name.startsWith('output.')) assert.equal(written.get(name), contents, name);
    }
    assert.equal(baseline?.parameters, student.parameters);
    assert.equal(phases(events).filter((message) => /features of all samples/.test(message)).length, 1);
    assert.match(
      phases(events).join('\n'),
      /Computes the features of all samples at '.+' of the extractor \(32 each\)/,
    );
    const { proto } = await loadModel(join(runFolder, 'student.onnx'));
    assert.deepEqual(
      [proto.graph?.input.map(({ name }) => name), proto.graph?.output.map(({ name }) => name)],
      [['input'], ['logits']],
    );
  });

  it('makes a teacher of a frozen front and a new head, which is trained first', async () => {
    const { result, folder: runFolder } = await run({
      ...tinyExperiment,
      teacher: { extractor: model, head: { hidden: [64], dropout: 0 }, training: { epochs: 6, learningRate: 0.01 } },
      baseline: false,
    });
    assert.equal(result.state, 'finished');
    const accuracy = result.report.teacher?.test.accuracy ?? 0;
    assert.ok(accuracy > 0.6, `accuracy ${accuracy}`);
    assert.ok((await weightsIn(join(runFolder, 'teacher.onnx'))).has('head.dense1.weight'));
  });

  it('fine-tunes a teacher on the labels before it teaches', async () => {
    const teacherFile = join(folder, 'teacher.onnx');
    const graph = buildStudent(
      { architecture: 'mlp', hidden: [64, 32] },
      classifierForm([1, 28, 28], 10),
      randomStream(2, 'weights'),
    );
    await saveModel(teacherFile, exportModel(graph, { name: 'net' }));
    const { result, folder: runFolder } = await run({
      ...tinyExperiment,
      teacher: { model: teacherFile, lastLayers: 2, training: { epochs: 2, learningRate: 0.01 } },
      baseline: false,
    });
    assert.equal(result.state, 'finished');
    const accuracy = result.report.teacher?.test.accuracy ?? 0;
    assert.ok(accuracy > 0.6, `accuracy ${accuracy}`);
    const [before, after] = [await weightsIn(teacherFile), await weightsIn(join(runFolder, 'teacher.onnx'))];
    assert.deepEqual(
      [...after.keys()].filter((name) => after.get(name) !== before.get(name)),
      ['dense2.weight', 'dense2.bias', 'output.weight', 'output.bias'],
    );
  });

  it('is refused with every problem before anything is written', async () => {
    const extractor = model;
    assert.deepEqual(await problemsOf({ ...tinyExperiment, student: { extractor, cut: 'nowhere' } }), [
      ['student.cut', "The extractor computes no value named 'nowhere'."],
    ]);
    assert.deepEqual(await problemsOf({ ...tinyExperiment, student: { extractor: join(folder, 'no.onnx') } }), [
      ['student.extractor', `There is no file '${join(folder, 'no.onnx')}'.`],
    ]);
    const large = join(folder, 'large.onnx');
    const graph = buildStudent(
      { architecture: 'convnet', channels: [2], hidden: [], batchNormalization: true },
      classifierForm([3, 64, 48], 2),
      randomStream(1, 'weights'),
    );
    await saveModel(large, exportModel(graph, { name: 'net' }));
    const message =
      'The extractor takes samples of shape [3, 64, 48], but those of the dataset have shape [1, 28, 28].';
    assert.deepEqual(
      await problemsOf({ ...tinyExperiment, teacher: { extractor: large }, student: { extractor: large } }),
      [
        ['teacher.extractor', message],
        ['student.extractor', message],
      ],
    );
    assert.deepEqual(
      await problemsOf({ ...tinyExperiment, teacher: { model, training: {} }, student: { model, lastLayers: 9 } }),
      [
        [
          'teacher.model',
          "The model's output 'logits' has shape [batch, 7], but [batch, 10] is needed for this dataset.",
        ],
        ['student.lastLayers', 'The last 9 layers are to be trained, but the model has only 4 with weights.'],
      ],
    );
    assert.deepEqual(await problemsOf({ ...tinyExperiment, student: { extractor }, augmentation: { mixup: 0.2 } }), [
      [
        'augmentation',
        'The features of an extractor are computed once, of the samples as they are, so these cannot be changed.',
      ],
    ]);
  });

  it('classifies photographs with a new head on a network that knows them', async function () {
    tellShortened('a new head on a network that knows photographs: 400 of them');
    const { limit, epochs, accuracy } = fullOr(
      { limit: 2000, epochs: 10, accuracy: 0.8 },
      { limit: 400, epochs: 80, accuracy: 0.8 },
    );
    const extractor = requireShared(this, 'models/cifar10-resnet14.onnx');
    const archive = requireShared(this, 'data/cifar10-small.tar');
    assert.equal(spawnSync('tar', ['xf', archive, '-C', folder]).status, 0);
    const { result } = await run({
      teacher: null,
      dataset: { path: join(folder, 'cifar10-small'), normalization: 'cifar10', limit },
      student: { extractor, head: { hidden: [64], dropout: 0.3 } },
      training: { epochs },
      device: 'cpu',
    });
    assert.equal(result.state, 'finished');
    const { student, seconds } = result.report;
    console.log(
      `      ${student.test.errors!} errors of 1,000 photographs, a head trained in ${seconds.student.toFixed(1)} s`,
    );
    assert.ok(student.test.accuracy! >= accuracy);
  });
});
