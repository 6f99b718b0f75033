import assert from 'node:assert/strict';
import { int } from '../../../../src/onnx/graph.ts';
import { floatTensor, type Tensor } from '../../../../src/onnx/tensor.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { withEnding } from '../../../../src/students/initialNetwork.ts';
import type { OutputForm } from '../../../../src/students/networkForm.ts';
import { logitsName } from '../../../../src/students/imported/classifierEnding.ts';
import { storedModel } from '../../../support/storedModel.ts';

const oneLabel: OutputForm = { kind: 'logits', classes: 2 };
const anyLabels: OutputForm = { kind: 'logits', classes: 2, severalLabels: true };
const values: OutputForm = { kind: 'values', shape: [2] };

const endingIn = (operator: string, axis?: number) =>
  storedModel(17, {
    inputs: { x: ['batch', 3] },
    initializers: { w: floatTensor([1, 2, 3, 4, 5, 6], [3, 2]) },
    nodes: [
      ['MatMul', 'x w', 'z'],
      [operator, 'z', 'p', axis === undefined ? {} : { axis: int(axis) }],
      ['Identity', 'p', 'y'],
    ],
    outputs: ['y'],
  });

describe('the end of a classifier from a file', () => {
  const trainedOutput = (operator: string, form: OutputForm, axis?: number) =>
    importNetwork(endingIn(operator, axis), { form }).graph.outputs[0]?.name;

  it('is trained before its softmax, and with any number of labels before its sigmoids', () => {
    assert.equal(trainedOutput('Softmax', oneLabel), 'z');
    assert.equal(trainedOutput('LogSoftmax', oneLabel, 1), 'z');
    assert.equal(trainedOutput('Sigmoid', anyLabels), 'z');
  });

  it('stays where it makes no classes, or goes over samples', () => {
    assert.equal(trainedOutput('Sigmoid', values), 'y');
    assert.equal(trainedOutput('Softmax', values), 'y');
    assert.equal(trainedOutput('Softmax', oneLabel, 0), 'y');
    assert.equal(trainedOutput('Tanh', oneLabel), 'y');
  });

  it('is told or refused where it does not suit the task', () => {
    assert.match(importNetwork(endingIn('Sigmoid'), { form: oneLabel }).notes.join(), /ends in sigmoids/);
    assert.throws(() => importNetwork(endingIn('Softmax'), { form: anyLabels }), /classes exclude each other/);
    assert.throws(() => importNetwork(endingIn('HardSigmoid'), { form: anyLabels }), /ends in HardSigmoid \(node/);
  });

  it('is what the written file is compared with', () => {
    const network = importNetwork(endingIn('Sigmoid'), { form: anyLabels });
    const whole = withEnding({ ...network, source: endingIn('Sigmoid') }, new Map<string, Tensor>());
    assert.equal(whole.producer(whole.outputs[0]!)?.operator, 'Sigmoid');
    assert.equal(network.graph.outputs[0]?.name, 'z');
  });

  it('is found in the file, so that numbers are added to logits and not to probabilities', () => {
    assert.equal(logitsName(endingIn('Softmax').graph!, 'y'), 'z');
    assert.equal(logitsName(endingIn('Relu').graph!, 'y'), 'p');
  });
});

describe('quantised networks', () => {
  it('and those that were optimised for one kind of processor are refused in one sentence', () => {
    const model = storedModel(17, {
      inputs: { x: ['batch', 8, 4, 4] },
      initializers: { w: floatTensor(new Float32Array(64), [8, 8, 1, 1]) },
      nodes: [
        ['ReorderInput', 'x', 'blocked'],
        ['Conv', 'blocked w', 'z'],
        ['ReorderOutput', 'z', 'y', { channels: int(8) }],
      ],
      outputs: ['y'],
    });
    for (const node of model.graph!.node) node.domain = 'com.microsoft.nchwc';
    assert.throws(
      () => importNetwork(model),
      /optimised by ONNX Runtime for one kind of processor \(3 nodes such as 'node0'/,
    );
  });

  it('are refused, naming a node and how many weights are whole numbers', () => {
    const whole: Tensor = { type: 'int8', shape: [3, 2], data: Int8Array.from([1, 2, 3, 4, 5, 6]) };
    const model = storedModel(17, {
      inputs: { x: ['batch', 3] },
      initializers: { q: whole, scale: floatTensor([0.1], []), bias: floatTensor([1, 2]) },
      nodes: [
        ['DequantizeLinear', 'q scale', 'w'],
        ['MatMul', 'x w', 'z'],
        ['Add', 'z bias', 'y'],
      ],
      outputs: ['y'],
    });
    assert.throws(() => importNetwork(model), /'node0', DequantizeLinear.*6 of its weights are whole numbers/);
  });
});
