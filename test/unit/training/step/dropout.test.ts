import assert from 'node:assert/strict';
import { gradients } from '../../../../src/autodiff/gradients.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { buildTrainedDropout, DropoutFactors, dropoutRatio } from '../../../../src/training/step/dropout.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf } from '../../../support/reference/array.ts';

const inputs = [
  { name: 'dropout.0', shape: [3, 1001], ratio: 0.1 },
  { name: 'dropout.1', shape: [50_000], ratio: 0.5 },
];

describe('dropout', () => {
  it('reads its ratio from the network', () => {
    const network = new Graph();
    const x = network.input('x', 'float32', [2]);
    network.op('Dropout', [x, network.scalar(0.25)]);
    network.op('Dropout', [x, network.initializer('ratio', floatTensor(0))]);
    network.op('Dropout', [x]);
    assert.deepEqual(
      network.nodes.map((node) => dropoutRatio(network, node)),
      [0.25, 0, 0.5],
    );
  });

  it('multiplies values, and gradients on their way back, with the factors', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 2]);
    const { output, input } = buildTrainedDropout(graph, x, 0.5, 3);
    assert.deepEqual(input, { name: 'dropout.3', shape: [2, 2], ratio: 0.5 });
    const loss = graph.op('ReduceSum', [graph.op('Mul', [output, output])]);
    graph.output(output, 'y');
    graph.output(gradients(graph, loss, [x])[0]!, 'gradient');
    const results = await runGraph(
      graph,
      new Map([
        ['x', arrayOf([2, 2], [1, 2, 3, 4])],
        ['dropout.3', arrayOf([2, 2], [0, 2, 2, 0])],
      ]),
    );
    assert.deepEqual([...results.get('y')!.data], [0, 4, 6, 0]);
    assert.deepEqual([...results.get('gradient')!.data], [0, 16, 24, 0]);
  });

  it('drops the share that it should and keeps the mean', () => {
    const factors = new DropoutFactors(inputs, 1).at(1);
    for (const { name, ratio } of inputs) {
      const drawn = factors[name]!;
      const dropped = drawn.filter((factor) => factor === 0).length / drawn.length;
      assert.ok(Math.abs(dropped - ratio) < 0.02, `${name}: ${dropped}`);
      const kept = [...new Set(drawn)].filter((factor) => factor !== 0);
      assert.equal(kept.length, 1);
      assert.ok(Math.abs(kept[0]! - 1 / (1 - ratio)) < 1e-4);
    }
  });

  it('follows from seed and step alone, whatever was drawn before', () => {
    const one = new DropoutFactors(inputs, 1);
    for (let step = 1; step < 7; step++) one.at(step);
    const later = structuredClone(one.at(7));
    assert.deepEqual(new DropoutFactors(inputs, 1).at(7), later);
    assert.notDeepEqual(structuredClone(one.at(8)), later);
    assert.notDeepEqual(new DropoutFactors(inputs, 2).at(7), later);
  });

  it('draws the coming step without touching the present one', () => {
    const factors = new DropoutFactors(inputs, 1);
    const present = factors.at(3);
    const copy = structuredClone(present);
    factors.at(4);
    assert.deepEqual(present, copy);
    assert.equal(factors.at(4), factors.at(4));
  });

  it('tells how many bytes a step takes', () => {
    assert.equal(new DropoutFactors(inputs, 1).stepBytes, 4 * (3003 + 50_000));
    assert.equal(new DropoutFactors([], 1).stepBytes, 0);
  });

  it('uses the memory of forgotten steps again, and of no others', () => {
    const factors = new DropoutFactors(inputs, 1);
    const [third, fourth] = [factors.at(3), factors.at(4)];
    factors.forgetBefore(4);
    assert.equal(factors.at(5), third);
    assert.deepEqual(factors.at(5), new DropoutFactors(inputs, 1).at(5));
    assert.equal(factors.at(4), fourth);
    assert.notEqual(factors.at(6), fourth);
  });
});
