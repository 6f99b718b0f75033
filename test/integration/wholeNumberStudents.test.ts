import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '../../src/data/random.ts';
import { explainRun } from '../../src/explain/explainRun.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { loadModel, saveModel } from '../../src/onnx/file.ts';
import { int, ints } from '../../src/onnx/graph.ts';
import { floatTensor, intTensor, type DataType } from '../../src/onnx/tensor.ts';
import { dataTypeCode } from '../../src/onnx/tensorProto.ts';
import { InferenceSession, Tensor } from '../../src/platform/onnxRuntime.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { labelsAlone, removeRuns, run, tinyExperiment } from '../support/runs.ts';
import { storedModel, type StoredNodeText } from '../support/storedModel.ts';

const folder = temporaryFolder();
const toFloat = { to: int(dataTypeCode('float32')) };

/** A network, not trained, that takes whole numbers and prepares them itself. */
async function wholeModel(
  name: string,
  { type, shape, size, classes }: { type: DataType; shape: readonly number[]; size: number; classes: number },
  before: readonly StoredNodeText[],
): Promise<string> {
  const random = randomStream(4, name);
  const weights = (deviation: number, ...sizes: number[]) =>
    floatTensor(
      Float32Array.from(
        { length: sizes.reduce((product, each) => product * each, 1) },
        () => random.normal() * deviation,
      ),
      sizes,
    );
  const model = storedModel(17, {
    inputs: { x: ['batch', ...shape] },
    inputTypes: { x: type },
    initializers: {
      ...{
        w1: weights(1.4 / Math.sqrt(size), size, 24),
        b1: weights(0, 24),
        w2: weights(0.3, 24, classes),
        b2: weights(0, classes),
      },
      ...{ scale: floatTensor([1 / 255], []), rows: intTensor([0, -1]) },
    },
    nodes: [...before, ['Gemm', 'f w1 b1', 'h'], ['Relu', 'h', 'r'], ['Gemm', 'r w2 b2', 'y']],
    outputs: ['y'],
  });
  const file = join(folder, name);
  await saveModel(file, model);
  return file;
}

describe('a student that takes whole numbers', () => {
  after(() => {
    removeRuns();
    removeFolder(folder);
  });

  it('is trained on the samples past its Cast, and its file takes bytes', async () => {
    const model = await wholeModel('bytes.onnx', { type: 'uint8', shape: [28, 28, 1], size: 784, classes: 10 }, [
      ['Transpose', 'x', 't', { perm: ints([0, 3, 1, 2]) }],
      ['Cast', 't', 'c', toFloat],
      ['Mul', 'c scale', 's'],
      ['Reshape', 's rows', 'f'],
    ]);
    const {
      result,
      folder: runFolder,
      events,
    } = await run({
      ...tinyExperiment,
      dataset: { path: tinyExperiment.dataset.path, normalization: 'mnist', limit: 400 },
      student: { model },
      training: { epochs: 12, batchSize: 25, learningRate: 0.01 },
      rawInput: true,
      quantization: { staticInt8: true, dynamicInt8: true, aware: true, float16: true, largestDrop: 1 },
    });
    const { student, baseline, variants } = result.report!;
    assert.ok(student.test.accuracy! > 0.6 && baseline!.test.accuracy! > 0.5, `${student.test.accuracy!}`);
    for (const { kind, test } of variants) {
      assert.ok(Math.abs(test.accuracy! - student.test.accuracy!) < 0.08, `${kind} ${test.accuracy!}`);
    }
    assert.equal(variants.length, 4);
    const told = events.flatMap((event) => (event.kind === 'warning' ? [event.problem.message] : []));
    assert.match(told.join(), /The model takes numbers of type uint8: samples are not rounded/);
    assert.doesNotMatch(told.join(), /could not be measured/);
    const written = join(runFolder, 'student.onnx');
    const { proto } = await loadModel(written);
    const metadata = Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value]));
    assert.match(metadata['distillery.data']!, /"kind":"arrays","normalization":null/);
    const session = await InferenceSession.create(written);
    const bytes = new Tensor('uint8', new Uint8Array(2 * 784).fill(7), [2, 1, 28, 28]);
    assert.deepEqual((await session.run({ x: bytes }))['y']?.dims, [2, 10]);
    await session.release();
    const { explanations } = await explainRun(runFolder, {
      baseDirectory: folder,
      samples: () => [0],
      wish: {},
      signal: new AbortController().signal,
    });
    assert.equal(explanations[0]!.student.says.length, 10);
    // What was written is a teacher and a student as any other.
    const again = await run({
      ...tinyExperiment,
      teacher: { model: written },
      student: { model: written },
      training: { epochs: 1, batchSize: 50, learningRate: 1e-4 },
      baseline: false,
    });
    const second = again.result.report!;
    assert.equal(second.teacher!.test.accuracy, student.test.accuracy);
    assert.ok(second.student.test.accuracy! > student.test.accuracy! - 0.05);
    const warned = again.events.flatMap((event) => (event.kind === 'warning' ? [event.problem.message] : []));
    assert.doesNotMatch(warned.join(), /was made for/);
  });

  it('reads the numbers of a table as they are stored, which are scaled for training, and is fine-tuned to teach', async () => {
    const table = join(folder, 'table.csv');
    const random = randomStream(3, 'rows');
    const lines = Array.from({ length: 900 }, () => {
      const [a, b] = [random.integer(100), random.integer(40)];
      return `${a},${b},${a > 2.5 * b ? 'yes' : 'no'}`;
    });
    writeFileSync(table, `a,b,label\n${lines.join('\n')}\n`);
    const size = { type: 'int64', shape: [2], size: 2, classes: 2 } as const;
    const nodes: StoredNodeText[] = [
      ['Cast', 'x', 'c', toFloat],
      ['Mul', 'c scale', 'f'],
    ];
    const experiment = {
      ...tinyExperiment,
      teacher: {
        model: await wholeModel('teacher.onnx', size, nodes),
        training: { epochs: 20, batchSize: 32, learningRate: 0.02 },
      },
      dataset: { path: table },
      student: { model: await wholeModel('numbers.onnx', { ...size, classes: 1 }, nodes) },
      training: { epochs: 20, batchSize: 32, learningRate: 0.02 },
      baseline: false,
    } satisfies ExperimentInput;
    const { report } = (await run(experiment)).result;
    assert.ok(report!.student.test.accuracy! > 0.9 && report!.teacher!.test.accuracy! > 0.9);
    writeFileSync(table, `a,b,label\n${lines.map((line) => `0.${line}`).join('\n')}\n`);
    await assert.rejects(
      run(experiment),
      /takes whole numbers \(int64\), but the samples of the dataset have fractions/,
    );
  });

  it('is rounded to them where more is computed of them than a Cast, as of the rows of a table', async () => {
    const table = join(folder, 'codes.csv');
    const random = randomStream(6, 'rows');
    const lines = Array.from({ length: 600 }, () => {
      const [a, b] = [random.integer(6), random.integer(6)];
      return `${a},${b},${(a + b) % 2 === 0 ? 'even' : 'odd'}`;
    });
    writeFileSync(table, `a,b,label\n${lines.join('\n')}\n`);
    const file = join(folder, 'codes.onnx');
    const normal = (...shape: number[]) =>
      floatTensor(
        Float32Array.from({ length: shape.reduce((product, each) => product * each, 1) }, () => random.normal() * 0.7),
        shape,
      );
    const model = storedModel(17, {
      inputs: { tokens: ['batch', 2] },
      inputTypes: { tokens: 'int64' },
      initializers: {
        table: normal(12, 6),
        ...{ offsets: intTensor([0, 6]), rows: intTensor([0, -1]) },
        w1: normal(12, 24),
        w2: normal(24, 2),
      },
      nodes: [
        ['Add', 'tokens offsets', 'entries'],
        ['Gather', 'table entries', 'found'],
        ['Reshape', 'found rows', 'f'],
        ['MatMul', 'f w1', 'h'],
        ['Relu', 'h', 'r'],
        ['MatMul', 'r w2', 'y'],
      ],
      outputs: ['y'],
    });
    await saveModel(file, model);
    const experiment = {
      ...tinyExperiment,
      ...{ teacher: null, dataset: { path: table }, baseline: false, objective: labelsAlone },
      student: { model: file },
      training: { epochs: 30, batchSize: 32, learningRate: 0.02 },
    } satisfies ExperimentInput;
    const { result, folder: runFolder, events } = await run(experiment);
    assert.ok(result.report!.student.test.accuracy! > 0.95, `${result.report!.student.test.accuracy!}`);
    const told = events.flatMap((event) => (event.kind === 'warning' ? [event.problem.message] : []));
    assert.match(told.join(), /The model takes numbers of type int64: samples are rounded to them/);

    // Its features are read from the rows, and the network with the new head takes whole numbers, too.
    const head = await run({
      ...experiment,
      student: { extractor: join(runFolder, 'student.onnx'), head: { hidden: [8] } },
    });
    assert.ok(head.result.report!.student.test.accuracy! > 0.95, `${head.result.report!.student.test.accuracy!}`);
    const written = join(head.folder, 'student.onnx');
    const session = await InferenceSession.create(written);
    const rows = new Tensor('int64', BigInt64Array.of(1n, 2n, 3n, 3n), [2, 2]);
    assert.deepEqual((await session.run({ tokens: rows }))['logits']?.dims, [2, 2]);
    await session.release();
    const again = await run({
      ...tinyExperiment,
      teacher: { model: written },
      dataset: { path: table },
      baseline: false,
    });
    assert.equal(again.result.report!.teacher!.test.accuracy, head.result.report!.student.test.accuracy);
  });

  it('gives features of bytes, past its Cast', async () => {
    const model = await wholeModel('front.onnx', { type: 'uint8', shape: [28, 28, 1], size: 784, classes: 10 }, [
      ['Transpose', 'x', 't', { perm: ints([0, 3, 1, 2]) }],
      ['Cast', 't', 'c', toFloat],
      ['Mul', 'c scale', 's'],
      ['Reshape', 's rows', 'f'],
    ]);
    const { result, folder: runFolder } = await run({
      ...tinyExperiment,
      dataset: { path: tinyExperiment.dataset.path, normalization: 'mnist', limit: 400 },
      teacher: null,
      objective: labelsAlone,
      student: { extractor: model, head: { hidden: [] } },
      training: { epochs: 12, batchSize: 25, learningRate: 0.02 },
      baseline: false,
      quantization: { dynamicInt8: true, largestDrop: 1 },
    });
    assert.ok(result.report!.student.test.accuracy! > 0.5, `${result.report!.student.test.accuracy!}`);
    for (const { kind, test } of result.report!.variants) assert.ok(test.accuracy! > 0.5, `${kind} ${test.accuracy!}`);
    const session = await InferenceSession.create(join(runFolder, 'student.onnx'));
    const bytes = new Tensor('uint8', new Uint8Array(2 * 784).fill(7), [2, 1, 28, 28]);
    assert.deepEqual((await session.run({ x: bytes }))['logits']?.dims, [2, 10]);
    await session.release();
  });
});
