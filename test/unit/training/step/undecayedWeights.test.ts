import assert from 'node:assert/strict';
import { Graph } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { describeState } from '../../../../src/training/step/parameters.ts';

describe('weight decay', () => {
  it('acts on matrices and kernels, not on biases, slopes and scales of whatever shape', () => {
    const graph = new Graph();
    const weight = (name: string, ...shape: number[]): Value =>
      graph.initializer(name, floatTensor(new Float32Array(shape.reduce((all, size) => all * size, 1)), shape));
    const x = graph.input('x', 'float32', ['batch', 2, 4, 4]);
    const seen = graph.op('Conv', [x, weight('kernel', 3, 2, 1, 1), weight('kernel bias', 3)]);
    const bent = graph.op('PRelu', [seen, weight('slope', 3, 1, 1)]);
    const scaled = graph.op('Mul', [bent, weight('scale', 1, 3, 1, 1)]);
    const placed = graph.op('Add', [scaled, weight('positions', 3, 4, 4)]);
    const steps = graph.op('Reshape', [placed, graph.integers([16, -1, 3])]);
    const [, last] = graph.node('GRU', [steps, weight('W', 1, 6, 3), weight('R', 1, 6, 2), weight('B', 1, 12)], {
      outputs: ['', 'last'],
    });
    const turned = graph.op('Reshape', [weight('row', 2), graph.integers([2, 1])]);
    graph.output(graph.op('MatMul', [last!, turned]), 'y');
    const groups = new Map(
      describeState(graph).trained.map(({ decays, slots }) => [decays, slots.map(({ name }) => name)]),
    );
    assert.deepEqual(groups.get(true), ['kernel', 'positions', 'W', 'R', 'row']);
    assert.deepEqual(groups.get(false), ['kernel bias', 'slope', 'scale', 'B']);
  });
});
