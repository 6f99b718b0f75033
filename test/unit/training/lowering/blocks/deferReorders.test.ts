import assert from 'node:assert/strict';
import { Graph } from '../../../../../src/onnx/graph.ts';
import { lowerForCpu } from '../../../../../src/training/lowering/lowerForCpu.ts';

describe('reordering images back out of blocks', () => {
  it('comes right before the first node that reads the plain image', () => {
    const graph = new Graph();
    const image = graph.input('image', 'float32', [2, 16, 4, 4]);
    const first = graph.op('Conv', [image, graph.input('first', 'float32', [16, 16, 1, 1])]);
    const second = graph.op('Conv', [first, graph.input('second', 'float32', [16, 16, 1, 1])]);
    graph.output(graph.op('ReduceMean', [second]), 'loss');
    graph.output(graph.op('Transpose', [first]), 'late');
    graph.output(graph.op('Sigmoid', [first]), 'later');
    const operators = lowerForCpu(graph, 16)
      .nodes.map(({ operator }) => operator)
      .filter((operator) => !['ReorderInput', 'Reshape', 'Conv'].includes(operator));
    assert.deepEqual(operators, [
      'ReorderOutput',
      'ReduceMean',
      'ReorderOutput',
      'Transpose',
      'Sigmoid',
      'ReorderOutput',
    ]);
  });
});
