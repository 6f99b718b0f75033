import assert from 'node:assert/strict';
import { rewriteGraph } from '../../../src/onnx/copy.ts';
import { Graph, int, ints } from '../../../src/onnx/graph.ts';
import { importAnyBatch } from '../../../src/onnx/importing/importAnyBatch.ts';
import { intTensor } from '../../../src/onnx/tensor.ts';
import { arrayOf } from '../../support/reference/array.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { storedModel } from '../../support/storedModel.ts';

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

  it('keeps the sizes that trials of the batch found, where heads are joined with it and parted again', async () => {
    // As PyTorch writes attention: keys of [batch, heads, places, width] are turned as [batch · heads, places, width].
    const model = storedModel(18, {
      inputs: { x: ['batch', 2, 3, 4] },
      initializers: {
        minusOne: intTensor([-1]),
        zero: intTensor([0]),
        two: intTensor([2]),
        three: intTensor([3]),
        four: intTensor([4]),
      },
      nodes: [
        ['Shape', 'x', 'sizes'],
        ['Slice', 'sizes zero two', 'ahead'],
        ['Slice', 'sizes two three', 'places'],
        ['Slice', 'sizes three four', 'width'],
        ['Concat', 'minusOne places width', 'flatShape', { axis: int(0) }],
        ['Reshape', 'x flatShape', 'flat'],
        ['Transpose', 'flat', 'turned', { perm: ints([0, 2, 1]) }],
        ['Concat', 'ahead width places', 'turnedShape', { axis: int(0) }],
        ['Reshape', 'turned turnedShape', 'y'],
      ],
      outputs: ['y'],
    });
    const read = importAnyBatch(model);
    assert.deepEqual(read.value('y').shape, ['batch', 2, 4, 3]);
    const copy = rewriteGraph(rewriteGraph(read));
    assert.deepEqual(
      copy.nodes.map(({ outputs }) => outputs[0]?.shape),
      read.nodes.map(({ outputs }) => outputs[0]?.shape),
    );
    const x = arrayOf(
      [2, 2, 3, 4],
      Array.from({ length: 48 }, (_, at) => at),
    );
    const results = await runGraph(copy, new Map([['x', x]]));
    assert.deepEqual([...(results.get('y')?.data ?? [])].slice(0, 4), [0, 4, 8, 1]);
  });
});
