import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { StringStringEntryProtoSchema, type ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { loadModel, type ModelFile } from '../../../src/onnx/file.ts';
import { inspectModel } from '../../../src/onnx/inspect.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { notedNodes } from '../../support/notedNodes.ts';
import { requireShared } from '../../support/shared.ts';
import { storedModel } from '../../support/storedModel.ts';

const fileOf = (proto: ModelProto): ModelFile => ({
  path: 'folder/model.onnx',
  directory: 'folder',
  bytes: 123,
  sha256: 'ab',
  opset: null,
  isChanged: false,
  proto,
});

describe('inspecting a model', () => {
  it('tells what the CIFAR-10 teacher is', async function () {
    const summary = inspectModel(await loadModel(requireShared(this, 'models/cifar10-resnet14.onnx')));
    assert.equal(summary.bytes, 1_572_601);
    assert.deepEqual(summary.opsets, { 'ai.onnx': 17 });
    assert.match(summary.producer, /^pytorch 1\.13/);
    assert.deepEqual(summary.inputs, [{ name: 'image', type: 'float32', shape: ['batch', 3, 32, 32] }]);
    assert.deepEqual(summary.outputs, [{ name: 'logits', type: 'float32', shape: ['batch', 10] }]);
    assert.deepEqual(summary.operators, [
      { operator: 'Conv', count: 15 },
      { operator: 'Relu', count: 13 },
      { operator: 'Add', count: 6 },
      { operator: 'Flatten', count: 1 },
      { operator: 'Gemm', count: 1 },
      { operator: 'GlobalAveragePool', count: 1 },
    ]);
    // Convolutions of 24, 48 and 96 channels with biases, and the last layer, by hand.
    const stage = (width: number, from: number) =>
      9 * from * width + width + 3 * (9 * width * width + width) + (from === width ? 0 : from * width + width);
    const parameters = 9 * 3 * 24 + 24 + stage(24, 24) + stage(48, 24) + stage(96, 48) + 96 * 10 + 10;
    assert.equal(summary.parameters, parameters);
    const stageMacs = (width: number, from: number, size: number) =>
      size * size * (9 * from * width + 3 * 9 * width * width + (from === width ? 0 : from * width));
    const macs = 1024 * 9 * 3 * 24 + stageMacs(24, 24, 32) + stageMacs(48, 24, 16) + stageMacs(96, 48, 8) + 960;
    assert.equal(summary.macs, macs);
    assert.equal(summary.problem, null);
    assert.equal(summary.layers.length, 37);
    const sum = (key: 'parameters' | 'macs') => summary.layers.reduce((total, layer) => total + layer[key], 0);
    assert.equal(sum('parameters'), parameters);
    assert.equal(sum('macs'), macs);
    assert.deepEqual(summary.layers[0]?.outputShape, [1, 24, 32, 32]);
  });

  const dense = () =>
    storedModel(17, {
      inputs: { x: ['n', 'length', 2] },
      initializers: { w: floatTensor([1, 2, 3, 4, 5, 6], [3, 2]) },
      nodes: [
        ['Transpose', 'w', 'transposed'],
        ['MatMul', 'x transposed', 'y'],
      ],
      outputs: ['y'],
    });

  it('gives prepared weights to the layer that they reach, and infers shapes that are not declared', () => {
    const proto = dense();
    proto.metadataProps = [create(StringStringEntryProtoSchema, { key: 'classes', value: 'a,b,c' })];
    const summary = inspectModel(fileOf(proto), { bind: { length: 5 } });
    assert.deepEqual(summary.layers, [
      { name: 'node1', operator: 'MatMul', output: 'y', outputShape: [1, 5, 3], parameters: 6, macs: 30 },
    ]);
    assert.deepEqual(summary.metadata, { classes: 'a,b,c' });
    assert.deepEqual(summary.inputs, [{ name: 'x', type: 'float32', shape: ['n', 'length', 2] }]);
    assert.deepEqual(summary.outputs, [{ name: 'y', type: 'float32', shape: [1, 5, 3] }]);
    assert.equal(summary.path, 'folder/model.onnx');
  });

  it('says which sizes it would need to know', () => {
    const summary = inspectModel(fileOf(dense()));
    assert.equal(summary.parameters, 6);
    assert.equal(summary.macs, null);
    assert.equal(summary.problem, "The size of 'length' is not fixed in the model.");
  });

  it('counts weights of 4 bits, and tells in which types they are stored', () => {
    const proto = storedModel(21, {
      inputs: { x: ['n', 2] },
      initializers: { s: floatTensor(0.5, []), b: floatTensor([1, 2]), w: floatTensor([1, 2, 3, 4], [2, 2]) },
      nodes: [
        ['DequantizeLinear', 'w s', 'kernel'],
        ['MatMul', 'x kernel', 'product'],
        ['Add', 'product b', 'y'],
      ],
      outputs: ['y'],
    });
    Object.assign(proto.graph!.initializer[2]!, { dataType: 22, rawData: Uint8Array.of(0x21, 0x43) });
    const summary = inspectModel(fileOf(proto));
    assert.equal(summary.parameters, 6);
    assert.equal(summary.macs, 4);
    assert.deepEqual(summary.weightTypes, [
      { type: 'int4', count: 4 },
      { type: 'float32', count: 2 },
    ]);
  });

  it('counts matrices whose bytes hold several weights as what they hold', () => {
    const proto = storedModel(21, {
      inputs: { x: ['n', 32] },
      initializers: {
        w: { type: 'uint8', shape: [3, 1, 16], data: new Uint8Array(48) },
        s: floatTensor([1, 1, 1]),
      },
      nodes: [
        [
          'MatMulNBits',
          'x w s',
          'y',
          {
            K: { kind: 'int', value: 32 },
            N: { kind: 'int', value: 3 },
            bits: { kind: 'int', value: 4 },
            block_size: { kind: 'int', value: 32 },
          },
        ],
      ],
      outputs: ['y'],
    });
    proto.graph!.node[0]!.domain = 'com.microsoft';
    const summary = inspectModel(fileOf(proto));
    assert.equal(summary.parameters, 96);
    assert.deepEqual(summary.weightTypes, [{ type: 'uint4', count: 96 }]);
  });

  it('counts the weights of layers of whole numbers, which cannot be imported', () => {
    const byte = { type: 'uint8', shape: [], data: Uint8Array.of(0) } as const;
    const proto = storedModel(17, {
      inputs: { x: ['n', 2, 4, 4] },
      inputTypes: { x: 'uint8' },
      initializers: {
        s: floatTensor(0.5, []),
        z: byte,
        w: { type: 'int8', shape: [3, 2, 1, 1], data: new Int8Array(6) },
        b: { type: 'int32', shape: [3], data: new Int32Array(3) },
        ws: floatTensor([1, 1, 1]),
        wz: { type: 'int8', shape: [3], data: new Int8Array(3) },
      },
      nodes: [['QLinearConv', 'x s z w ws wz s z b', 'y']],
      outputs: ['y'],
      outputTypes: { y: 'uint8' },
    });
    const summary = inspectModel(fileOf(proto));
    assert.equal(summary.parameters, 9);
    assert.deepEqual(summary.weightTypes, [
      { type: 'int8', count: 6 },
      { type: 'int32', count: 3 },
    ]);
    assert.equal(summary.macs, null);
    assert.match(summary.problem ?? '', /QLinearConv/);
  });

  it('tells what the exporter left out', () => {
    const proto = notedNodes(dense(), 'RemoveOptionalBiasFromGemm', '%x, %p_weight, %p_bias');
    for (const node of proto.graph?.node ?? []) node.opType = 'Gemm';
    assert.match(inspectModel(fileOf(proto)).exporterNotes.join(), /left out the biases of 2 layers/);
    assert.deepEqual(inspectModel(fileOf(dense())).exporterNotes, []);
  });

  it('tells as much as it can of a model with an operator that is not supported', () => {
    const nodes = [['Frobnicate', 'x', 'y']] as const;
    const summary = inspectModel(fileOf(storedModel(17, { inputs: { x: ['n', 2] }, nodes, outputs: ['y'] })));
    assert.equal(summary.parameters, null);
    assert.equal(summary.macs, null);
    assert.deepEqual(summary.layers, []);
    assert.match(summary.problem ?? '', /Frobnicate/);
    assert.deepEqual(summary.operators, [{ operator: 'Frobnicate', count: 1 }]);
    assert.deepEqual(summary.inputs, [{ name: 'x', type: 'float32', shape: ['n', 2] }]);
    assert.deepEqual(summary.outputs, [{ name: 'y', type: 'unknown', shape: [] }]);
  });
});
