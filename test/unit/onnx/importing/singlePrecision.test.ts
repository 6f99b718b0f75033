import assert from 'node:assert/strict';
import { InferenceSession, Tensor } from '../../../../src/platform/onnxRuntime.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { decodeFloat16Array, encodeFloat16Array } from '../../../../src/onnx/float16.ts';
import { int } from '../../../../src/onnx/graph.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { inspectModel } from '../../../../src/onnx/inspect.ts';
import type { ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import type { Tensor as StoredTensor } from '../../../../src/onnx/tensor.ts';
import { dataTypeCode } from '../../../../src/onnx/tensorProto.ts';
import { narrowDoubles, widenHalves } from '../../../../src/onnx/importing/singlePrecision.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { fileOfModel, storedGraph, storedModel } from '../../../support/storedModel.ts';

const random = randomStream(0, 'halves');
const halves = (...shape: number[]): StoredTensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  return {
    type: 'float16',
    shape,
    data: encodeFloat16Array(Float32Array.from({ length: count }, () => random.normal())),
  };
};

/** Halves as weights, in a Constant, in a nested graph, in casts there and back, as input and output. */
function halfModel(): ModelProto {
  const branch = (factor: string) =>
    storedGraph({
      initializers: { [factor]: halves(3) },
      nodes: [['Mul', `product ${factor}`, `${factor}.scaled`]],
      outputs: [`${factor}.scaled`],
      outputTypes: { [`${factor}.scaled`]: 'float16' },
    });
  return storedModel(17, {
    inputs: { input: ['n', 4] },
    inputTypes: { input: 'float16' },
    initializers: {
      weights: halves(4, 3),
      condition: { type: 'bool', shape: [], data: Uint8Array.of(1) },
    },
    nodes: [
      ['Constant', '', 'bias', { value: { kind: 'tensor', value: halves(3) } }],
      ['MatMul', 'input weights', 'product'],
      ['If', 'condition', 'chosen', { then_branch: branch('yes'), else_branch: branch('no') }],
      ['Cast', 'chosen', 'wide', { to: int(dataTypeCode('float32')) }],
      ['Sigmoid', 'wide', 'squeezed'],
      ['Cast', 'squeezed', 'narrow', { to: int(dataTypeCode('float16')) }],
      ['Add', 'narrow bias', 'output'],
    ],
    outputs: ['output'],
    outputTypes: { output: 'float16' },
  });
}

async function run(proto: ModelProto, input: Tensor): Promise<Tensor> {
  const session = await InferenceSession.create(encodeModel(proto), { logSeverityLevel: 3 });
  try {
    return (await session.run({ input }))['output']!;
  } finally {
    await session.release();
  }
}

describe('widenHalves', () => {
  it('computes in float32 what the file computes in halves', async () => {
    const file = fileOfModel(halfModel());
    const wide = widenHalves(file);
    const samples = encodeFloat16Array(Float32Array.from({ length: 20 }, () => random.normal()));
    const expected = await run(file.proto, new Tensor('float16', samples, [5, 4]));
    const actual = await run(wide.proto, new Tensor('float32', decodeFloat16Array(samples), [5, 4]));
    assert.equal(actual.type, 'float32');
    assert.deepEqual(actual.dims, expected.dims);
    // Node.js hands float16 out as Float16Array where it has it, else as the bits.
    const numbers =
      expected.data instanceof Uint16Array ? decodeFloat16Array(expected.data) : Array.from(expected.data, Number);
    const wideNumbers = Array.from(actual.data, Number);
    assert.equal(wideNumbers.length, 15);
    wideNumbers.forEach((value, index) => {
      assert.ok(Math.abs(value - numbers[index]!) < 4e-3, `${value} is not ${numbers[index]}`);
    });
  });

  it('leaves nothing of half precision, and the file as it was', () => {
    const file = fileOfModel(halfModel());
    const wide = widenHalves(file);
    assert.equal(wide.isChanged, true);
    assert.ok(inspectModel(file).inputs.every(({ type }) => type === 'float16'));
    const { inputs, outputs } = inspectModel(wide);
    assert.deepEqual(
      [...inputs, ...outputs].map(({ type }) => type),
      ['float32', 'float32'],
    );
    assert.equal(widenHalves(wide), wide);
  });

  it('makes weights that can be trained', () => {
    const proto = storedModel(17, {
      inputs: { input: ['n', 4] },
      inputTypes: { input: 'float16' },
      initializers: { weights: halves(4, 3) },
      nodes: [['MatMul', 'input weights', 'output']],
      outputs: ['output'],
      outputTypes: { output: 'float16' },
    });
    assert.throws(() => importNetwork(proto), /no float32 weights/);
    assert.deepEqual(importNetwork(widenHalves(fileOfModel(proto)).proto).weights, ['weights']);
  });

  it('returns a file without halves as it is', () => {
    const proto = storedModel(17, {
      inputs: { input: ['n', 4] },
      nodes: [['Relu', 'input', 'output']],
      outputs: ['output'],
    });
    const file = fileOfModel(proto);
    assert.equal(widenHalves(file), file);
  });

  it('widens bfloat16, which ONNX Runtime has hardly any kernels for, wherever it is stored', () => {
    const proto = storedModel(18, {
      inputs: { x: ['n', 2] },
      initializers: { w: halves(2, 2), b: halves(2) },
      nodes: [
        ['Cast', 'x', 'low', { to: int(16) }],
        ['Gemm', 'low w b', 'product'],
        ['Cast', 'product', 'y', { to: int(1) }],
      ],
      outputs: ['y'],
    });
    const [w, b] = proto.graph?.initializer ?? [];
    // 1, -2.5, 0.15625, infinity; 3, -0 as elements of the typed field.
    Object.assign(w!, { dataType: 16, rawData: Uint8Array.of(0x80, 0x3f, 0x20, 0xc0, 0x20, 0x3e, 0x80, 0x7f) });
    Object.assign(b!, { dataType: 16, rawData: new Uint8Array(), int32Data: [0x4040, 0x8000] });
    const wide = importGraph(widenHalves(fileOfModel(proto)).proto);
    assert.deepEqual(wide.initializers.get('w')?.data, Float32Array.of(1, -2.5, 0.15625, Infinity));
    assert.deepEqual(wide.initializers.get('b')?.data, Float32Array.of(3, -0));
    assert.deepEqual(wide.value('product').type, 'float32');
    assert.equal(inspectModel(fileOfModel(proto)).parameters, 6);
    b!.int32Data = [1];
    assert.throws(
      () => widenHalves(fileOfModel(proto)),
      /'b' of shape \[2\] has 1 elements instead of 2; the file is damaged/,
    );
  });
});

describe('narrowDoubles', () => {
  const doubles = (...numbers: number[]): StoredTensor => ({
    type: 'float64',
    shape: [numbers.length],
    data: Float64Array.from(numbers),
  });
  const model = (bias: StoredTensor) =>
    storedModel(18, {
      inputs: { x: ['n', 2] },
      initializers: { bias },
      nodes: [
        ['Cast', 'x', 'precise', { to: int(dataTypeCode('float64')) }],
        ['Add', 'precise bias', 'sum'],
        ['Cast', 'sum', 'y', { to: int(1) }],
      ],
      outputs: ['y'],
    });

  it('makes float32 of a network whose weights are float64, and keeps finite what masks an attention', () => {
    const narrow = narrowDoubles(model(doubles(0.1, -Number.MAX_VALUE)));
    const graph = importGraph(narrow);
    assert.deepEqual(graph.initializers.get('bias')?.data, Float32Array.of(0.1, -3.4028234663852886e38));
    assert.equal(graph.value('sum').type, 'float32');
    assert.deepEqual(importNetwork(narrow).weights, ['bias']);
  });

  it('leaves a network as it is that computes in float64 in between only', () => {
    const between = model({ ...doubles(0.5), shape: [] });
    assert.equal(narrowDoubles(between), between);
  });
});
