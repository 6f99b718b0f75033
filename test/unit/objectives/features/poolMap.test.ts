import assert from 'node:assert/strict';
import { poolMapTo } from '../../../../src/objectives/features/poolMap.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf } from '../../../support/reference/array.ts';

async function pool(shape: readonly [number, number], data: readonly number[], to: readonly [number, number]) {
  const graph = new Graph();
  const map = graph.input('map', 'float32', [1, 1, ...shape]);
  graph.output(poolMapTo(graph, map, ...to), 'pooled');
  const results = await runGraph(graph, new Map([['map', arrayOf([1, 1, ...shape], data)]]));
  return [...results.get('pooled')!.data].map((value) => Math.round(value * 1e4) / 1e4);
}

describe('pooling of a map to a size', () => {
  it('is the mean of equal blocks where the sizes divide', async () => {
    assert.deepEqual(await pool([2, 4], [1, 3, 5, 7, 1, 3, 5, 7], [1, 2]), [2, 6]);
  });

  it('is the mean of overlapping parts where they do not', async () => {
    // Of five columns, three parts: 0…1, 1…3, 3…4.
    assert.deepEqual(await pool([1, 5], [1, 2, 3, 4, 8], [1, 3]), [1.5, 3, 6]);
    // The same of rows.
    assert.deepEqual(await pool([5, 1], [1, 2, 3, 4, 8], [3, 1]), [1.5, 3, 6]);
  });

  it('leaves a map of that size as it is', async () => {
    assert.deepEqual(await pool([2, 2], [1, 2, 3, 4], [2, 2]), [1, 2, 3, 4]);
  });
});
