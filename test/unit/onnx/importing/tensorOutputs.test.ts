import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { TypeProtoSchema, type ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { putOutputFirst } from '../../../../src/students/imported/putOutputFirst.ts';
import { storedModel } from '../../../support/storedModel.ts';

/** The type of a list, of which the file's description has no more than that it is one. */
const list = () =>
  Object.assign(create(TypeProtoSchema), {
    $unknown: [{ no: 4, wireType: WireType.LengthDelimited, data: Uint8Array.of(0) }],
  });

/** A classifier that gives the names of its decisions and a list of its hidden numbers, too, both before what is trained. */
function classifier(): ModelProto {
  const model = storedModel(17, {
    inputs: { x: ['n', 2] },
    initializers: { w: floatTensor([1, 2, 3, 4], [2, 2]) },
    nodes: [
      ['MatMul', 'x w', 'y'],
      ['Relu', 'y', 'relu'],
      ['SplitToSequence', 'relu', 'pieces'],
      ['ArgMax', 'y', 'place'],
      ['LabelEncoder', 'place', 'label'],
    ],
    outputs: ['pieces', 'label', 'y'],
    outputTypes: { label: 'string' },
  });
  model.graph!.node[4]!.domain = 'ai.onnx.ml';
  model.graph!.output[0]!.type = list();
  return model;
}

describe('outputs that are no tensors of numbers', () => {
  it('are left out of what is trained, with the nodes that only they need', () => {
    const graph = importGraph(classifier());
    assert.deepEqual(
      graph.outputs.map(({ name }) => name),
      ['y'],
    );
    assert.deepEqual(
      graph.nodes.map(({ operator }) => operator),
      ['MatMul'],
    );
    assert.deepEqual(importNetwork(classifier()).weights, ['w']);
  });

  it('are not taken for the output that is trained where none declares its shape', () => {
    const { model } = putOutputFirst(classifier(), { kind: 'logits', classes: 2 }, undefined);
    assert.equal(model.graph!.output[0]!.name, 'y');
  });

  it('are read, and refused, where there is nothing else', () => {
    const model = classifier();
    model.graph!.output = model.graph!.output.slice(0, 1);
    assert.throws(() => importGraph(model), /SplitToSequence/);
  });
});
