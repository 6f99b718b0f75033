import assert from 'node:assert/strict';
import { Graph, int } from '../../../../src/onnx/graph.ts';
import { lowerForCpu } from '../../../../src/training/lowering/lowerForCpu.ts';
import { assertSameOutputs } from '../../../support/lowered.ts';

/** A sum of [6, 4, 5] over some axes, lowered. */
function sums(axes: readonly number[], keepdims: number): { graph: Graph; lowered: Graph; operators: string[] } {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [6, 4, 5]);
  graph.output(graph.op('ReduceSum', [x, graph.integers(axes)], { keepdims: int(keepdims) }), 'sum');
  const lowered = lowerForCpu(graph, 16);
  return { graph, lowered, operators: lowered.nodes.map(({ operator }) => operator) };
}

describe('sums over the first axes', () => {
  it('are products with a row of ones', async () => {
    for (const axes of [[0], [0, 1]]) {
      for (const keepdims of [0, 1]) {
        const { graph, lowered, operators } = sums(axes, keepdims);
        assert.ok(operators.includes('MatMul') && !operators.includes('ReduceSum'));
        await assertSameOutputs(graph, lowered);
      }
    }
  });

  it('stay where other axes are summed, or all', () => {
    for (const axes of [[1], [0, 2], [0, 1, 2]]) assert.ok(sums(axes, 0).operators.includes('ReduceSum'));
  });
});
