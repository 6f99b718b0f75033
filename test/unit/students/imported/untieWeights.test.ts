import assert from 'node:assert/strict';
import { int } from '../../../../src/onnx/graph.ts';
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

  it('gives normalisations by root mean squares and recurrent layers their own, too', () => {
    const cell = floatTensor([0.1, 0.2, 0.3], [1, 1, 3]);
    const rest = floatTensor([0.5], [1, 1, 1]);
    const both = storedModel(23, {
      inputs: { x: [4, 'batch', 3] },
      initializers: { scale: ones, cell, rest, start: floatTensor([0, 0], [1, 2]) },
      nodes: [
        ['RMSNormalization', 'x scale', 'a'],
        ['RMSNormalization', 'a scale', 'b'],
        ['RNN', 'a cell rest start', '- c', { hidden_size: int(1) }],
        ['RNN', 'b cell.2 rest.2 start', '- d', { hidden_size: int(1) }],
        ['Identity', 'cell', 'cell.2'],
        ['Identity', 'rest', 'rest.2'],
        ['Add', 'c d', 'y'],
      ],
      outputs: ['y'],
    });
    assert.deepEqual(untieWeights(both).untied, ['scale', 'rest', 'start']);
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
