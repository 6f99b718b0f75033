import assert from 'node:assert/strict';
import { int } from '../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { decodeTensor } from '../../../../src/onnx/tensorProto.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { openForTraining } from '../../../../src/students/imported/openForTraining.ts';
import { restoreBiases } from '../../../../src/students/imported/restoreBiases.ts';
import { notedNodes } from '../../../support/notedNodes.ts';
import { storedModel } from '../../../support/storedModel.ts';

const counting = (shape: readonly number[]) =>
  floatTensor(
    Array.from({ length: shape.reduce((a, b) => a * b) }, (_, at) => at),
    shape,
  );

describe('restoreBiases', () => {
  const bare = () =>
    storedModel(20, {
      inputs: { x: ['batch', 2, 4, 4] },
      initializers: {
        'a.weight': counting([6, 2, 1, 1]),
        'b.weight': counting([6, 2, 2, 2]),
        'c.weight': counting([5, 4]),
        d: counting([5, 3]),
      },
      nodes: [
        ['Conv', 'x a.weight', 'a'],
        ['ConvTranspose', 'a b.weight', 'b', { group: int(2) }],
        ['GlobalAveragePool', 'b', 'p'],
        ['Flatten', 'p', 'f'],
        ['Gemm', 'f c.weight', 'c', { transB: int(1) }],
        ['Gemm', 'c d', 'y'],
      ],
      outputs: ['y'],
    });
  const dropped = notedNodes(bare(), 'RemoveOptionalBiasFromConv', '%x, %p_a_weight, %p_a_bias');

  it('gives every layer that lost its bias zeros, one for each of its channels', () => {
    const { model, restored } = restoreBiases(dropped);
    assert.deepEqual(restored, ['a.bias', 'b.bias', 'c.bias', 'd.bias']);
    const stored = new Map(model.graph!.initializer.map((tensor) => [tensor.name, decodeTensor(tensor)]));
    assert.deepEqual(
      restored.map((name) => [...stored.get(name)!.data]),
      [6, 4, 5, 3].map((channels) => Array<number>(channels).fill(0)),
    );
    assert.deepEqual(
      importNetwork(model).weights.filter((name) => name.endsWith('bias')),
      restored,
    );
    assert.equal(dropped.graph!.initializer.length, 4);
  });

  it('says so when a network is made fit for training, and leaves alone what never had biases', () => {
    const { notes } = openForTraining(dropped, [2, 4, 4], {});
    assert.match(
      notes.join('\n'),
      /left out the biases of 4 layers, which were zero; they are put back \(such as 'a\.bias'\)/,
    );
    const never = notedNodes(bare(), 'RemoveOptionalBiasFromConv', '%x, %p_a_weight');
    assert.deepEqual(restoreBiases(never), { model: never, restored: [] });
  });
});
