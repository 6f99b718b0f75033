import assert from 'node:assert/strict';
import { WireType } from '@bufbuild/protobuf/wire';
import { encodeModel, loadModel } from '../../../src/onnx/file.ts';
import { float } from '../../../src/onnx/graph.ts';
import { importGraph } from '../../../src/onnx/importing/importGraph.ts';
import { floatData, floatTensor, intTensor } from '../../../src/onnx/tensor.ts';
import { replaceInitializers } from '../../../src/onnx/replaceInitializers.ts';
import { decodeTensor } from '../../../src/onnx/tensorProto.ts';
import { requireShared } from '../../support/shared.ts';
import { storedModel } from '../../support/storedModel.ts';

const model = () => {
  const stored = storedModel(17, {
    inputs: { x: ['n', 2] },
    initializers: { w: floatTensor([1, 2, 3, 4], [2, 2]), axes: intTensor([1]) },
    nodes: [
      ['Constant', '', 'b', { value: { kind: 'tensor', value: floatTensor([5, 6]) } }],
      ['MatMul', 'x w', 'product'],
      ['Add', 'product b', 'y'],
    ],
    outputs: ['y'],
  });
  stored.$unknown = [{ no: 25, wireType: WireType.LengthDelimited, data: Uint8Array.of(2, 1, 2) }];
  return stored;
};

describe('replacing weights in a model that was read', () => {
  it('changes initializers and constants, and nothing else', () => {
    const original = model();
    const edited = replaceInitializers(
      original,
      new Map([
        ['w', floatTensor([9, 8, 7, 6], [2, 2])],
        ['b', floatTensor([1, 0])],
      ]),
    );
    assert.deepEqual(encodeModel(original), encodeModel(model()), 'the original changed');
    const expected = model();
    expected.graph!.initializer[0]!.rawData = new Uint8Array(Float32Array.of(9, 8, 7, 6).buffer);
    expected.graph!.node[0]!.attribute[0]!.t!.rawData = new Uint8Array(Float32Array.of(1, 0).buffer);
    assert.deepEqual(encodeModel(edited), encodeModel(expected));
    assert.equal(edited.docString, '', 'fields that are not set read as their default');
  });

  it('changes constants that are written as a number or a list of numbers', () => {
    const stored = storedModel(17, {
      inputs: { x: ['n', 2] },
      nodes: [
        ['Constant', '', 'slopes', { value_floats: { kind: 'floats', value: [5, 6] } }],
        ['Constant', '', 'shift', { value_float: float(2) }],
        ['Mul', 'x slopes', 'product'],
        ['Add', 'product shift', 'y'],
      ],
      outputs: ['y'],
    });
    const weights = new Map([
      ['slopes', floatTensor([1, 0])],
      ['shift', floatTensor(7)],
    ]);
    const { initializers } = importGraph(replaceInitializers(stored, weights));
    assert.deepEqual(floatData(initializers.get('slopes')!), Float32Array.of(1, 0));
    assert.deepEqual(initializers.get('shift'), floatTensor(7));
    assert.deepEqual(floatData(importGraph(stored).initializers.get('slopes')!), Float32Array.of(5, 6));
  });

  it('gives a real model back byte for byte when the weights are its own', async function () {
    const { proto } = await loadModel(requireShared(this, 'models/cifar10-resnet14.onnx'));
    const weights = new Map(proto.graph!.initializer.map((stored) => [stored.name, decodeTensor(stored)]));
    assert.ok(Buffer.from(encodeModel(replaceInitializers(proto, weights))).equals(encodeModel(proto)));
  });

  it('refuses weights that the model does not have, or of another shape or type', () => {
    const replace = (name: string, tensor: ReturnType<typeof floatTensor> | ReturnType<typeof intTensor>) => () =>
      replaceInitializers(model(), new Map([[name, tensor]]));
    assert.throws(replace('v', floatTensor([1])), /no weight named 'v'/);
    assert.throws(replace('w', floatTensor([1, 2])), /'w' is float32 \[2, 2\] in the model, not float32 \[2\]/);
    assert.throws(replace('axes', floatTensor([1])), /'axes' is int64 \[1\] in the model, not float32 \[1\]/);
  });
});
