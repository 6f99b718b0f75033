import assert from 'node:assert/strict';
import { Graph } from '../../../../../src/onnx/graph.ts';
import { orderRows } from '../../../../../src/training/lowering/blocks/orderRows.ts';
import { runGraph } from '../../../../support/onnxruntime.ts';
import { arrayOf } from '../../../../support/reference/array.ts';

describe('rows in another order', () => {
  it('are those of a transposition that leaves the last axis', async () => {
    const shape = [2, 3, 4, 5];
    const graph = new Graph();
    const x = graph.input('x', 'float32', shape);
    graph.output(orderRows(graph, x, [2, 3, 4], { order: [2, 0, 1] }), 'ordered');
    graph.output(graph.op('Transpose', [x], { perm: { kind: 'ints', value: [2, 0, 1, 3] } }), 'transposed');
    const values = Array.from({ length: 120 }, (_, index) => index);
    const results = await runGraph(graph, new Map([['x', arrayOf(shape, values)]]));
    assert.deepEqual(results.get('ordered')?.shape, [24, 5]);
    assert.deepEqual(results.get('ordered')?.data, results.get('transposed')?.data);
  });

  it('run backwards along one axis', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [6, 1]);
    graph.output(orderRows(graph, x, [2, 3], { order: [1, 0], reversed: 1 }), 'ordered');
    const results = await runGraph(graph, new Map([['x', arrayOf([6, 1], [0, 1, 2, 3, 4, 5])]]));
    assert.deepEqual([...(results.get('ordered')?.data ?? [])], [2, 5, 1, 4, 0, 3]);
  });
});
