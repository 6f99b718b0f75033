import assert from 'node:assert/strict';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { untieWeights } from '../../../../src/students/imported/untieWeights.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { storedModel } from '../../../support/storedModel.ts';

const ones = floatTensor([1, 1, 1]);
const zeros = floatTensor([0, 0, 0]);
const matrix = floatTensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]);

describe('untieWeights', () => {
  const norms = storedModel(17, {
    inputs: { x: ['batch', 3] },
    initializers: { scale: ones, shift: zeros, w: matrix },
    nodes: [
      ['Identity', 'scale', 'second.scale'],
      ['LayerNormalization', 'x scale shift', 'a'],
      ['MatMul', 'a w', 'b'],
      ['LayerNormalization', 'b second.scale shift', 'y'],
    ],
    outputs: ['y'],
  });

  it('gives normalisations that read one tensor of ones or zeros, or an Identity of it, their own', () => {
    const { model, untied } = untieWeights(norms);
    assert.deepEqual(untied, ['scale', 'shift']);
    assert.deepEqual(importNetwork(model).weights, ['scale', 'shift', 'w', 'scale.2', 'shift.2']);
    assert.deepEqual(importNetwork(norms).weights, ['scale', 'shift', 'w']);
  });

  it('keeps a table that is the output layer, too, and the biases of a layer that is applied twice', () => {
    const shared = storedModel(17, {
      inputs: { x: ['batch', 3] },
      initializers: { w: matrix, bias: zeros },
      nodes: [
        ['Gemm', 'x w bias', 'a'],
        ['Tanh', 'a', 'b'],
        ['Gemm', 'b w bias', 'y'],
      ],
      outputs: ['y'],
    });
    assert.deepEqual(untieWeights(shared), { model: shared, untied: [] });
  });
});
