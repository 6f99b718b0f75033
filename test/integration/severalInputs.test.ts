import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { randomStream } from '../../src/data/random.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { explainRun } from '../../src/explain/explainRun.ts';
import { loadModel, saveModel } from '../../src/onnx/file.ts';
import { int } from '../../src/onnx/graph.ts';
import type { ModelProto } from '../../src/onnx/onnx_pb.ts';
import { floatTensor, intTensor } from '../../src/onnx/tensor.ts';
import { decodeTensor } from '../../src/onnx/tensorProto.ts';
import { InferenceSession, Tensor } from '../../src/platform/onnxRuntime.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { npyFile } from '../support/npyFile.ts';
import { labelsAlone, removeRuns, run } from '../support/runs.ts';
import { storedModel, type StoredGraphOptions } from '../support/storedModel.ts';

const folder = temporaryFolder();
const PIXELS = 36;

/** Images [1, 6, 6] and three numbers each; the class is told by the two together. */
function writeArrays(file: string): string {
  const random = randomStream(1, 'arrays');
  const arrays: Record<string, Uint8Array> = {};
  for (const [split, count] of [
    ['train', 240],
    ['test', 60],
  ] as const) {
    const images = new Uint8Array(count * PIXELS);
    const numbers = Float32Array.from({ length: count * 3 }, () => random.normal());
    const labels = BigInt64Array.from({ length: count }, (_, row) => {
      const isBright = random.uniform(0, 1) > 0.5;
      for (let at = 0; at < PIXELS; at++) images[row * PIXELS + at] = random.integer(120) + (isBright ? 120 : 0);
      return BigInt(Number(isBright) + ((numbers[row * 3] ?? 0) > 0 ? 2 : 0));
    });
    arrays[`image_${split}.npy`] = npyFile('|u1', [count, 6, 6], images);
    arrays[`meta_${split}.npy`] = npyFile('<f4', [count, 3], numbers);
    arrays[`y_${split}.npy`] = npyFile('<i8', [count], labels);
  }
  writeFileSync(file, zipSync(arrays, { level: 0 }));
  return file;
}

/** A network for both, of two inputs or of one that is cut inside. */
async function twoArms(name: string, isOne: boolean, hidden = 16): Promise<string> {
  const random = randomStream(2, 'weights');
  const weights = (deviation: number, ...sizes: number[]) => {
    const count = sizes.reduce((product, each) => product * each, 1);
    return floatTensor(
      Float32Array.from({ length: count }, () => random.normal() * deviation),
      sizes,
    );
  };
  const inside: StoredGraphOptions['nodes'] = [
    ['Slice', 'x zero pixels one', 'flat'],
    ['Reshape', 'flat square', 'image'],
    ['Slice', 'x pixels all one', 'meta'],
  ];
  const model = storedModel(17, {
    inputs: isOne ? { x: ['batch', PIXELS + 3] } : { meta: ['batch', 3], image: ['batch', 1, 'height', 'width'] },
    initializers: {
      k: weights(0.5, 8, 1, 3, 3),
      kb: weights(0, 8),
      w1: weights(0.5, 3, 8),
      b1: weights(0, 8),
      w2: weights(0.3, 16, hidden),
      b2: weights(0, hidden),
      w3: weights(0.3, hidden, 4),
      b3: weights(0, 4),
      ...(isOne && {
        zero: intTensor([0]),
        one: intTensor([1]),
        pixels: intTensor([PIXELS]),
        all: intTensor([PIXELS + 3]),
        square: intTensor([0, 1, 6, 6]),
      }),
    },
    nodes: [
      ...(isOne ? inside : []),
      ['Conv', 'image k kb', 'maps'],
      ['Relu', 'maps', 'lit'],
      ['GlobalAveragePool', 'lit', 'pooled'],
      ['Flatten', 'pooled', 'seen'],
      ['Gemm', 'meta w1 b1', 'm'],
      ['Relu', 'm', 'told'],
      ['Concat', 'seen told', 'both', { axis: int(1) }],
      ['Gemm', 'both w2 b2', 'h'],
      ['Relu', 'h', 'r'],
      ['Gemm', 'r w3 b3', 'y'],
    ],
    outputs: ['y'],
  });
  const file = join(folder, name);
  await saveModel(file, model);
  return file;
}

const weightsOf = ({ graph }: ModelProto): Map<string, number[]> =>
  new Map((graph?.initializer ?? []).map((each) => [each.name, Array.from(decodeTensor(each).data as Float32Array)]));

const inputsOf = ({ graph }: ModelProto): string[] => (graph?.input ?? []).map(({ name }) => name).sort();

describe('a network of several inputs', () => {
  after(() => {
    removeRuns();
    removeFolder(folder);
  });
  const common = {
    dataset: { path: writeArrays(join(folder, 'both.npz')) },
    objective: labelsAlone,
    training: { epochs: 12, batchSize: 24, learningRate: 0.02 },
    baseline: false,
    device: 'cpu',
  } as const satisfies Partial<ExperimentInput>;

  it('is trained as one of a single input that it is cut from, and keeps its inputs', async () => {
    const quantization = { staticInt8: true, dynamicInt8: true, largestDrop: 1 };
    const two = await run({
      ...common,
      teacher: null,
      student: { model: await twoArms('two.onnx', false) },
      quantization,
    });
    const one = await run({ ...common, teacher: null, student: { model: await twoArms('one.onnx', true) } });
    const [a, b] = [two.result.report!, one.result.report!];
    assert.ok(a.student.test.accuracy! > 0.8, `${a.student.test.accuracy!}`);
    assert.equal(a.student.test.accuracy, b.student.test.accuracy);
    const written = join(two.folder, 'student.onnx');
    const [proto, other] = [
      (await loadModel(written)).proto,
      (await loadModel(join(one.folder, 'student.onnx'))).proto,
    ];
    const trained = weightsOf(other);
    for (const [name, values] of weightsOf(proto)) {
      const expected = trained.get(name)!;
      values.forEach((value, index) => {
        assert.ok(Math.abs(value - expected[index]!) < 1e-4, name);
      });
    }
    assert.deepEqual(inputsOf(proto), ['image', 'meta']);
    assert.equal(a.variants.length, 2);
    for (const { kind, test } of a.variants) assert.ok(test.accuracy! > 0.7, `${kind} ${test.accuracy!}`);
    const told = two.events.flatMap((event) => (event.kind === 'warning' ? [event.problem.message] : []));
    assert.match(told.join(), /The model's inputs take parts of every sample: 'meta' meta; 'image' image\./);
    const form = Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value]))['distillery.data'];
    assert.match(form!, /"parts":\[\{"name":"image","shape":\[1,6,6\],"unit":255\},\{"name":"meta"/);
    // What was written teaches, is shrunk and gives features.
    const objective: ExperimentInput['objective'] = [{ loss: 'kd', temperature: 2, weight: 1 }];
    const shrunk = await run({ ...common, teacher: { model: written }, student: { shrink: 0.5 }, objective });
    const report = shrunk.result.report!;
    assert.equal(report.teacher!.test.accuracy, a.student.test.accuracy);
    assert.ok(report.student.parameters < 0.6 * report.teacher!.parameters, `${report.student.parameters}`);
    assert.deepEqual(inputsOf((await loadModel(join(shrunk.folder, 'student.onnx'))).proto), ['image', 'meta']);
    const head = await run({ ...common, teacher: null, student: { extractor: written, head: { hidden: [] } } });
    assert.ok(head.result.report!.student.test.accuracy! > 0.75, `${head.result.report!.student.test.accuracy!}`);
    assert.deepEqual(inputsOf((await loadModel(join(head.folder, 'student.onnx'))).proto), ['image', 'meta']);
    const plain = await run({
      ...common,
      teacher: { model: written },
      student: { architecture: 'mlp', hidden: [8] },
      objective,
    });
    const explained = await explainRun(plain.folder, {
      baseDirectory: folder,
      samples: () => [0],
      wish: {},
      signal: new AbortController().signal,
    });
    assert.equal(explained.explanations[0]!.student.says.length, 4);
  });

  it('takes columns of a table by their names, or categories and numbers by their types', async () => {
    const table = join(folder, 'table.csv');
    const random = randomStream(3, 'rows');
    const lines = Array.from({ length: 400 }, () => {
      const [age, port] = [random.integer(80), random.integer(3)];
      return `${age},${'SCQ'[port]!},${random.integer(9)},${age > 40 === (port === 1) ? 'yes' : 'no'}`;
    });
    writeFileSync(table, `age,port,fare,label\n${lines.join('\n')}\n`);
    const normal = (count: number, ...shape: number[]) =>
      floatTensor(
        Float32Array.from({ length: count }, () => random.normal() * 0.5),
        shape,
      );
    const columns = async (name: string, byName: boolean): Promise<string> => {
      const model = storedModel(17, {
        inputs: byName
          ? { fare: ['batch', 1], port: ['batch', 1], age: ['batch', 1] }
          : { x_cat: ['batch', 1], x_cont: ['batch', 2] },
        inputTypes: { port: 'int64', x_cat: 'int64' },
        initializers: {
          table: normal(12, 3, 4),
          w1: normal(6 * 24, 6, 24),
          b1: normal(24, 24),
          w2: normal(48, 24, 2),
          rows: intTensor([0, -1]),
        },
        nodes: [
          ['Gather', `table ${byName ? 'port' : 'x_cat'}`, 'found'],
          ['Reshape', 'found rows', 'kind'],
          ['Concat', `kind ${byName ? 'age fare' : 'x_cont'}`, 'all', { axis: int(1) }],
          ['Gemm', 'all w1 b1', 'h'],
          ['Relu', 'h', 'r'],
          ['MatMul', 'r w2', 'y'],
        ],
        outputs: ['y'],
      });
      const file = join(folder, name);
      await saveModel(file, model);
      return file;
    };
    const experiment = {
      ...common,
      dataset: { path: table },
      teacher: null,
      training: { epochs: 30, batchSize: 32, learningRate: 0.02 },
    } as const;
    for (const byName of [true, false]) {
      const { result } = await run({ ...experiment, student: { model: await columns(`${byName}.onnx`, byName) } });
      assert.ok(result.report!.student.test.accuracy! > 0.9, `${byName} ${result.report!.student.test.accuracy!}`);
    }
    const both = join(folder, 'other.onnx');
    await saveModel(both, (await loadModel(await twoArms('arms.onnx', false))).proto);
    await assert.rejects(run({ ...experiment, student: { model: both } }), /takes no part of the dataset/);
  });

  it('is written with the preparation of its columns inside, where that is wanted', async () => {
    const table = join(folder, 'numbers.csv');
    const random = randomStream(4, 'rows');
    const lines = Array.from({ length: 300 }, () => {
      const [a, b] = [random.integer(80), random.integer(9)];
      return `${a},${b},${a > 8 * b ? 'yes' : 'no'}`;
    });
    writeFileSync(table, `a,b,label\n${lines.join('\n')}\n`);
    const weights = { wa: floatTensor([-1, 1], [1, 2]), wb: floatTensor([1, -1], [1, 2]) };
    const model = join(folder, 'columns.onnx');
    await saveModel(
      model,
      storedModel(17, {
        inputs: { b: ['batch', 1], a: ['batch', 1] },
        initializers: weights,
        nodes: [
          ['MatMul', 'a wa', 'left'],
          ['MatMul', 'b wb', 'right'],
          ['Add', 'left right', 'y'],
        ],
        outputs: ['y'],
      }),
    );
    const { folder: runFolder } = await run({
      ...common,
      dataset: { path: table },
      teacher: null,
      student: { model },
      rawInput: true,
    });
    const session = await InferenceSession.create(join(runFolder, 'student.raw.onnx'));
    const [name] = session.inputNames;
    const rows = new Tensor('float32', Float32Array.of(79, 1, 2, 8), [2, 2]);
    const { y } = await session.run({ [name!]: rows });
    await session.release();
    const [yes, no] = [y!.data[1] as number, y!.data[3] as number];
    assert.ok(yes > (y!.data[0] as number) && no < (y!.data[2] as number), Array.from(y!.data as Float32Array).join());
  });
});
