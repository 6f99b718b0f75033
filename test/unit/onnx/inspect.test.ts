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
