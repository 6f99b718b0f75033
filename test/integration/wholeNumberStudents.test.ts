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
import { removeRuns, run, tinyExperiment } from '../support/runs.ts';
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

  it('is refused by node where something is computed of whole numbers', async () => {
    const model = await wholeModel('sums.onnx', { type: 'int64', shape: [784], size: 784, classes: 10 }, [
      ['Add', 'x x', 'twice'],
      ['Cast', 'twice', 'f', toFloat],
    ]);
    await assert.rejects(run({ ...tinyExperiment, student: { model } }), (error: Error) => {
      assert.match(error.message, /'node0' \(Add\) computes with the input 'x' as int64/);
      return true;
    });
  });
});
