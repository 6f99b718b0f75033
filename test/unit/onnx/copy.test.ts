import assert from 'node:assert/strict';
import { rewriteGraph } from '../../../src/onnx/copy.ts';
import { Graph } from '../../../src/onnx/graph.ts';
import { arrayOf } from '../../support/reference/array.ts';
import { runGraph } from '../../support/onnxruntime.ts';

describe('a rewritten graph', () => {
  it('computes a value under the name of its output instead of copying it', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const doubled = graph.op('Add', [x, x]);
    graph.output(graph.op('Mul', [doubled, x]), 'product');
    graph.output(doubled, 'doubled');
    graph.output(doubled, 'again');
    graph.output(x, 'same');
    const rewritten = rewriteGraph(graph);
    assert.deepEqual(
      rewritten.nodes.map((node) => [node.operator, node.outputs[0]?.name]),
      [
        ['Add', 'doubled'],
        ['Mul', 'product'],
        ['Identity', 'again'],
        ['Identity', 'same'],
      ],
    );
    const results = await runGraph(rewritten, new Map([['x', arrayOf([2], [3, -1])]]));
    assert.deepEqual(
      ['product', 'doubled', 'again', 'same'].map((name) => [...(results.get(name)?.data ?? [])]),
      [
        [18, 2],
        [6, -2],
        [6, -2],
        [3, -1],
      ],
    );
  });
});
