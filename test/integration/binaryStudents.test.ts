import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../src/data/openDataset.ts';
import { randomStream } from '../../src/data/random.ts';
import { explainRun } from '../../src/explain/explainRun.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { saveModel } from '../../src/onnx/file.ts';
import { floatTensor } from '../../src/onnx/tensor.ts';
import { loadNetwork, openNetwork } from '../../src/training/engines/networkFile.ts';
import { datasetOptions, labelsOf, removeFolder, temporaryFolder } from '../support/datasets.ts';
import { removeRuns, run } from '../support/runs.ts';
import { storedModel, type StoredNodeText } from '../support/storedModel.ts';

const folder = temporaryFolder();
const table = join(folder, 'table.csv');
const normal = randomStream(3, 'rows');

/** A binary classifier of two numbers, not trained, whose logit 'z' [batch, 1] is followed by the given nodes. */
async function binaryModel(name: string, ...ending: readonly StoredNodeText[]): Promise<string> {
  const random = randomStream(4, 'weights');
  const weights = (...shape: number[]) =>
    floatTensor(
      Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.normal() * 0.7),
      shape,
    );
  const model = storedModel(17, {
    inputs: { x: ['batch', 2] },
    initializers: { w1: weights(2, 16), b1: weights(16), w2: weights(16, 1), b2: weights(1) },
    nodes: [
      ['Gemm', 'x w1 b1', 'h'],
      ['Relu', 'h', 'r'],
      ['Gemm', 'r w2 b2', ending.length > 0 ? 'z' : 'y'],
      ...ending,
    ],
    outputs: ['y'],
  });
  const file = join(folder, name);
  await saveModel(file, model);
  return file;
}

/** What a file says of the test split: its raw output. */
async function rawOutputs(file: string): Promise<{ outputs: Float32Array; labels: Int32Array; shape: unknown }> {
  const dataset = await openDataset(datasetOptions(table), { baseDirectory: folder, seed: 0 });
  const { samples, sampleShape, test } = dataset;
  const model = await loadNetwork(file, { sampleShape });
  const predictor = await openNetwork(model, { device: 'cpu', samples, sampleShape });
  try {
    return { outputs: await predictor.predict(test), labels: labelsOf(test), shape: model.outputShape };
  } finally {
    await predictor.dispose();
    await dataset.dispose();
  }
}

const shareAbove = ({ outputs, labels }: { outputs: Float32Array; labels: Int32Array }, threshold: number): number =>
  outputs.reduce((sum, value, row) => sum + (value > threshold === (labels[row] === 1) ? 1 : 0), 0) / outputs.length;

const experiment = {
  teacher: { architecture: 'mlp', hidden: [32], training: { epochs: 10, batchSize: 50, learningRate: 0.01 } },
  dataset: { path: table },
  objective: [
    { loss: 'kd', temperature: 2, weight: 0.5 },
    { loss: 'labels', weight: 0.5 },
  ],
  training: { epochs: 8, batchSize: 32, learningRate: 0.02 },
  device: 'cpu',
} as const satisfies Omit<ExperimentInput, 'student'>;

describe('a classifier of two classes that gives one number', () => {
  before(() => {
    const lines = Array.from({ length: 900 }, () => {
      const [x, y] = [normal.uniform(-1, 1), normal.uniform(-1, 1)];
      return `${x},${y},${x * y + 0.3 * x > 0 ? 'yes' : 'no'}`;
    });
    writeFileSync(table, `x,y,label\n${lines.join('\n')}\n`);
  });
  after(() => {
    removeRuns();
    removeFolder(folder);
  });

  it('is trained as two logits and written as it came, with its other forms, repeats and the baseline', async () => {
    const model = await binaryModel('sigmoid.onnx', ['Sigmoid', 'z', 'y']);
    const {
      result,
      folder: runFolder,
      events,
    } = await run({
      ...experiment,
      student: { model },
      repeats: 2,
      rawInput: true,
      quantization: { staticInt8: true, dynamicInt8: true, aware: true, float16: true, largestDrop: 0.1 },
    });
    const { report } = result;
    assert.ok(report);
    const { student, baseline, seeds, variants } = report;
    assert.ok(student.test.accuracy! > 0.9, `accuracy ${student.test.accuracy!}`);
    assert.ok(baseline!.test.accuracy! > 0.85 && seeds.length === 2);
    const said = await rawOutputs(join(runFolder, 'student.onnx'));
    assert.deepEqual(said.shape, [1]);
    assert.ok(said.outputs.every((value) => value >= 0 && value <= 1));
    assert.equal(shareAbove(said, 0.5), student.test.accuracy);
    assert.deepEqual(
      variants.map(({ kind }) => kind),
      ['static-int8', 'dynamic-int8', 'aware-int8', 'float16'],
    );
    for (const { kind, test, refusal } of variants) {
      assert.equal(refusal, null, kind);
      assert.ok(Math.abs(test.accuracy! - student.test.accuracy!) < 0.06, `${kind} ${test.accuracy!}`);
    }
    const told = events.flatMap((event) => (event.kind === 'warning' ? [event.problem.message] : []));
    assert.match(told.join(), /one value of 0…1 for two classes, taken for the probability of the second/);
    const { told: names, explanations } = await explainRun(runFolder, {
      baseDirectory: folder,
      samples: () => [0],
      wish: {},
      signal: new AbortController().signal,
    });
    assert.deepEqual(names.names, ['no', 'yes']);
    assert.ok(Math.abs(explanations[0]!.student.says[1]! - said.outputs[0]!) < 1e-4);
  });

  it('gives a plain logit for each sample as well, and is fine-tuned to teach and to be shrunk', async () => {
    const logit = await binaryModel('logit.onnx', ['Squeeze', 'z', 'y']);
    const teaching = await binaryModel('teacher.onnx', ['Sigmoid', 'z', 'p'], ['Flatten', 'p', 'y']);
    const { training } = experiment;
    const teacher = { model: teaching, training: { epochs: 10, batchSize: 32, learningRate: 0.02 } };
    const first = await run({ ...experiment, teacher, student: { model: logit }, baseline: false });
    assert.ok(first.result.report);
    const { student, teacher: taught } = first.result.report;
    assert.ok(student.test.accuracy! > 0.9 && taught!.test.accuracy! > 0.9);
    assert.equal(shareAbove(await rawOutputs(join(first.folder, 'student.onnx')), 0), student.test.accuracy);
    assert.equal(shareAbove(await rawOutputs(join(first.folder, 'teacher.onnx')), 0.5), taught!.test.accuracy);
    const shrunk = await run({ ...experiment, teacher, student: { shrink: 0.5 }, baseline: false, training });
    assert.ok(shrunk.result.report!.student.test.accuracy! > 0.9);
    // The file as it was written teaches as well.
    const again = { ...experiment, teacher: { model: join(first.folder, 'teacher.onnx') }, baseline: false };
    const second = (await run({ ...again, student: { shrink: 0.5 } })).result.report!;
    assert.equal(second.teacher!.test.accuracy, taught!.test.accuracy);
    assert.ok(second.student.test.accuracy! > 0.9);
  });

  it('has its logit corrected where a class had no samples', async () => {
    const model = await binaryModel('excluding.onnx', ['Sigmoid', 'z', 'y']);
    const { result, folder: runFolder } = await run({
      ...experiment,
      dataset: { path: table, exclude: ['no'] },
      student: { model },
      objective: [{ loss: 'kd', temperature: 4, weight: 1 }],
      baseline: false,
    });
    const { student } = result.report!;
    assert.deepEqual(
      student.corrections.map((correction) => correction.class),
      ['no'],
    );
    const said = await rawOutputs(join(runFolder, 'student.onnx'));
    assert.equal(shareAbove(said, 0.5), student.test.accuracy);
    const share = said.labels.reduce((sum, label) => sum + label, 0) / said.labels.length;
    assert.ok(student.test.accuracy! > share + 0.03, `${student.test.accuracy!} ${share}`);
  });
});
