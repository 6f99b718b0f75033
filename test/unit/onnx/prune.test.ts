import assert from 'node:assert/strict';
import { Graph, int } from '../../../src/onnx/graph.ts';
import { pruneGraph } from '../../../src/onnx/prune.ts';
import { floatTensor, intTensor } from '../../../src/onnx/tensor.ts';

describe('pruning a graph', () => {
  it('keeps what the outputs need, with names, shapes and attributes', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['n', 2]);
    graph.input('unread', 'int64', [1]);
    const w = graph.initializer('w', floatTensor([1, 2, 3, 4], [2, 2]));
    graph.initializer('dead', floatTensor([1]));
    const product = graph.op('Gemm', [x, w], { transB: int(1) }, { outputs: ['product'], name: 'layer' });
    graph.op('Relu', [product]);
    graph.output(graph.op('Sigmoid', [product], {}, { outputs: ['y'] }));

    const pruned = pruneGraph(graph);
    assert.deepEqual(pruned.inputs, graph.inputs);
    assert.deepEqual(pruned.outputs, [{ name: 'y', type: 'float32', shape: ['n', 2] }]);
    assert.deepEqual([...pruned.initializers], [['w', floatTensor([1, 2, 3, 4], [2, 2])]]);
    assert.deepEqual(
      pruned.nodes.map(({ name, operator, attributes }) => [name, operator, attributes]),
      [
        ['layer', 'Gemm', { transB: int(1) }],
        ['y', 'Sigmoid', {}],
      ],
    );
    assert.equal(graph.nodes.length, 3, 'the original changed');
  });

  it('turns integers that are known into initializers', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [3, 4]);
    const shape = graph.op('Shape', [x]);
    const reversed = graph.op('Gather', [shape, graph.integers([1, 0])], {}, { outputs: ['reversed'] });
    graph.output(graph.op('Reshape', [x, reversed]));
    graph.output(graph.op('Size', [x]), 'size');
    const pruned = pruneGraph(graph);
    assert.deepEqual(
      pruned.nodes.map(({ operator }) => operator),
      ['Reshape'],
    );
    assert.deepEqual(pruned.initializers.get('reversed'), intTensor([4, 3]));
    assert.deepEqual(pruned.initializers.get('size'), intTensor(12));
    assert.deepEqual(pruned.known.get('reversed'), intTensor([4, 3]));
  });

  it('keeps values that a nested graph reads', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    graph.op('Neg', [x], {}, { outputs: ['inner'] });
    const condition = graph.input('condition', 'bool', []);
    const branch = { kind: 'graph', bytes: new Uint8Array(), captures: ['inner'] } as const;
    const results = [{ type: 'float32', shape: [2] }] as const;
    graph.output(graph.op('If', [condition], { then_branch: branch, else_branch: branch }, { results }));
    assert.deepEqual(
      pruneGraph(graph).nodes.map(({ operator }) => operator),
      ['Neg', 'If'],
    );
  });
});
