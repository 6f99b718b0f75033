import assert from 'node:assert/strict';
import { DistilleryError } from '../../../src/errors.ts';
import { dimensionsOf, Graph } from '../../../src/onnx/graph.ts';
import { floatTensor, intTensor } from '../../../src/onnx/tensor.ts';

describe('a graph under construction', () => {
  it('refuses a name that is taken', () => {
    const graph = new Graph();
    graph.input('x', 'float32', [1]);
    assert.throws(() => graph.initializer('x', floatTensor([1])), DistilleryError);
    assert.throws(() => graph.value('y'), /no value named 'y'/);
  });

  it('never gives a reserved name', () => {
    const graph = new Graph();
    graph.reserve(['relu_0', 'relu_1']);
    const x = graph.input('x', 'float32', [1]);
    assert.equal(graph.op('Relu', [x]).name, 'relu_2');
  });

  it('shares equal small constants, and tells −0 from 0 and shapes apart', () => {
    const graph = new Graph();
    assert.equal(graph.scalar(0.5), graph.scalar(0.5));
    assert.notEqual(graph.scalar(0), graph.scalar(-0));
    assert.notEqual(graph.integers([1]), graph.constant(intTensor(1)));
    assert.notEqual(graph.constant(floatTensor([1])), graph.integers([1]));
  });

  it('knows integers that can be computed, and what computes a value', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 3]);
    const size = graph.op('Size', [x]);
    assert.deepEqual(graph.known.get(size.name), intTensor(6));
    assert.equal(graph.producer(size), graph.nodes[0]);
    assert.equal(graph.producer(x), undefined);
  });

  it('renames a value that becomes an output under another name', () => {
    const graph = new Graph();
    const result = graph.op('Relu', [graph.input('x', 'float32', [1])]);
    assert.equal(graph.output(result), result);
    assert.equal(graph.output(result, 'logits').name, 'logits');
    assert.deepEqual(
      graph.outputs.map(({ name }) => name),
      [result.name, 'logits'],
    );
  });

  it('refuses an output that the operator does not have, naming the node', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    assert.throws(
      () => graph.node('Transpose', [x], { name: 'layer', outputs: ['a', 'b'] }),
      /'layer': Transpose has no output 1/,
    );
  });

  it('refuses to treat a symbolic dimension as a number', () => {
    const graph = new Graph();
    assert.deepEqual(dimensionsOf(graph.input('x', 'float32', [2, 3])), [2, 3]);
    assert.throws(
      () => dimensionsOf(graph.input('y', 'float32', ['batch', 3])),
      /'y' has the symbolic dimension 'batch'/,
    );
  });
});
