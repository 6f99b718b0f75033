import assert from 'node:assert/strict';
import { InferenceSession, Tensor } from '../../../../src/platform/onnxRuntime.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { encodeModel, type ModelFile } from '../../../../src/onnx/file.ts';
import { decodeFloat16Array, encodeFloat16Array } from '../../../../src/onnx/float16.ts';
import { int } from '../../../../src/onnx/graph.ts';
import { inspectModel } from '../../../../src/onnx/inspect.ts';
import type { ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import type { Tensor as StoredTensor } from '../../../../src/onnx/tensor.ts';
import { dataTypeCode } from '../../../../src/onnx/tensorProto.ts';
import { widenHalves } from '../../../../src/onnx/importing/widenHalves.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { storedGraph, storedModel } from '../../../support/storedModel.ts';

const fileOf = (proto: ModelProto): ModelFile => ({
  path: 'model.onnx',
  directory: '',
  bytes: 0,
  sha256: '',
  proto,
  opset: null,
  isChanged: false,
});

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
    const file = fileOf(halfModel());
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
    const file = fileOf(halfModel());
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
    assert.deepEqual(importNetwork(widenHalves(fileOf(proto)).proto).weights, ['weights']);
  });

  it('returns a file without halves as it is', () => {
    const proto = storedModel(17, {
      inputs: { input: ['n', 4] },
      nodes: [['Relu', 'input', 'output']],
      outputs: ['output'],
    });
    const file = fileOf(proto);
    assert.equal(widenHalves(file), file);
  });
});
