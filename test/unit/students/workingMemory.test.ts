import assert from 'node:assert/strict';
import { Graph } from '../../../src/onnx/graph.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { workingMemory } from '../../../src/students/workingMemory.ts';

describe('workingMemory', () => {
  it('counts weights, and the values of one sample that are alive together', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['batch', 10]);
    const wide = graph.op('MatMul', [x, graph.initializer('w', floatTensor(new Float32Array(1000), [10, 100]))]);
    const active = graph.op('Relu', [wide]);
    graph.outputs.push(
      graph.op('MatMul', [active, graph.initializer('v', floatTensor(new Float32Array(300), [100, 3]))]),
    );
    // The input is given up once `wide` is there; `wide` and `active` are the most at once.
    assert.equal(workingMemory(graph), 4 * (1000 + 300 + 100 + 100));
  });

  it('holds a value until its last reader', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 50]);
    const first = graph.op('Relu', [x]);
    const second = graph.op('Relu', [first]);
    graph.outputs.push(graph.op('Add', [second, x]));
    assert.equal(workingMemory(graph), 4 * 150);
  });
});
