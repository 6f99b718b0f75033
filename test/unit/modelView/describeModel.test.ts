import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { describeModel } from '../../../src/modelView/describeModel.ts';
import { openModel } from '../../../src/modelView/openModel.ts';
import { StringStringEntryProtoSchema } from '../../../src/onnx/onnx_pb.ts';
import { int } from '../../../src/onnx/graph.ts';
import { storedModel } from '../../support/storedModel.ts';
import { denseModel, temporaryFolder, written } from './models.ts';

describe('the description of a model', () => {
  const folder = temporaryFolder();

  it('has inputs, outputs, metadata, and parameters and MACs of every node', () => {
    const proto = denseModel();
    proto.metadataProps = [create(StringStringEntryProtoSchema, { key: 'author', value: 'me' })];
    const described = describeModel(openModel(written(folder(), 'dense.onnx', proto)));
    assert.deepEqual(described.inputs, [{ name: 'x', type: 'float32', shape: ['N', 64] }]);
    assert.deepEqual(described.metadata, [{ key: 'author', value: 'me' }]);
    const [gemm, relu] = described.nodes;
    assert.ok(gemm && relu);
    assert.equal(gemm.parameters, 64 * 32 + 32);
    assert.equal(gemm.macs, 64 * 32);
    assert.deepEqual(gemm.gradient, { kind: 'supported' });
    assert.deepEqual(relu.gradient, { kind: 'supported' });
    assert.equal(described.parameters, 64 * 32 + 32);
    assert.equal(described.macs, 64 * 32);
    assert.equal(described.problem, null);
    assert.deepEqual(
      described.tensors.map(({ name, type, shape, bytes }) => [name, type, shape, bytes]),
      [
        ['weight', 'float32', [64, 32], 8192],
        ['bias', 'float32', [32], 128],
      ],
    );
  });

  it('says at which nodes gradients stop, and why, and where none are needed', () => {
    const proto = storedModel(17, {
      inputs: { x: [1, 4, 8, 8] },
      nodes: [
        ['Hardmax', 'x', 'a', { axis: int(1) }],
        ['Mystery', 'a', 'b'],
        ['Relu', 'b', 'c'],
        ['ArgMax', 'x', 'd', { axis: int(1) }],
      ],
      outputs: ['c', 'd'],
    });
    const { nodes, problem } = describeModel(openModel(written(folder(), 'stops.onnx', proto)));
    assert.deepEqual(nodes[0]?.gradient, { kind: 'unsupported', reason: 'Operator Hardmax has no gradient rule.' });
    assert.deepEqual(nodes[1]?.gradient, { kind: 'unsupported', reason: 'Operator Mystery has no gradient rule.' });
    assert.deepEqual(nodes[2]?.gradient, {
      kind: 'unsupported',
      reason: "It reads 'b', which is computed by a node that cannot be read.",
    });
    assert.deepEqual(nodes[3]?.gradient, { kind: 'not-needed' });
    assert.match(problem ?? '', /Mystery/);
  });

  it('tries the rule with the node as it stands', () => {
    const proto = storedModel(17, {
      inputs: { x: [4, 2, 3], w: [1, 20, 3], r: [1, 20, 5], b: [1, 40], l: [2] },
      inputTypes: { l: 'int32' },
      nodes: [['LSTM', 'x w r b l', 'y', { hidden_size: int(5) }]],
      outputs: ['y'],
    });
    const { nodes } = describeModel(openModel(written(folder(), 'lstm.onnx', proto)));
    const gradient = nodes[0]?.gradient;
    assert.ok(gradient?.kind === 'unsupported');
    assert.match(gradient.reason, /sequences of different lengths/);
  });
});
