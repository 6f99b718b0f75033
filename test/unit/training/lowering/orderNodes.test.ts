import assert from 'node:assert/strict';
import { Graph, int } from '../../../../src/onnx/graph.ts';
import { orderNodes } from '../../../../src/training/lowering/orderNodes.ts';
import { computeInOrder, type Computed } from '../../../support/computedOrder.ts';

const SIZE = 2 ** 17;

/** Three large images, one from the other, and a number of each. */
function imagesAndSums(): Graph {
  const graph = new Graph();
  const images = ['Exp', 'Sin', 'Erf'].reduce(
    (before, operator) => [...before, graph.op(operator, [before.at(-1)!])],
    [graph.input('samples', 'float32', [SIZE])],
  );
  const sums = images
    .slice(1)
    .map((image, index) => graph.op(['ReduceMax', 'ReduceL1', 'ReduceL2'][index]!, [image], { keepdims: int(1) }));
  graph.output(graph.op('Concat', sums, { axis: int(0) }), 'sums');
  return graph;
}

const large = ({ order }: Computed): string => order.filter((name) => /Exp|Sin|Erf|Reduce/.test(name)).join(' ');

describe('the order in which a graph is computed', () => {
  it('has what is small right after what it is computed from, which can then be forgotten', async () => {
    const own = await computeInOrder(imagesAndSums(), Math.sin);
    const graph = imagesAndSums();
    orderNodes(graph);
    const ordered = await computeInOrder(graph, Math.sin);
    assert.equal(large(own), 'Exp Sin Erf ReduceL2 ReduceL1 ReduceMax', 'the order of ONNX Runtime itself is another');
    assert.equal(large(ordered), 'Exp ReduceMax Sin ReduceL1 Erf ReduceL2');
    assert.deepEqual(ordered.outputs.get('sums'), own.outputs.get('sums'));
  });

  it('has a mask right after the image that it is of, though it is read late', async () => {
    const graph = new Graph();
    const image = graph.op('Exp', [graph.input('samples', 'float32', [SIZE])]);
    const clipped = graph.op('Min', [image, graph.scalar(2)]);
    const mask = graph.op('Cast', [graph.op('Equal', [image, clipped])], { to: int(1) });
    const late = graph.op('Erf', [graph.op('Sin', [clipped])]);
    graph.output(graph.op('Mul', [late, mask]), 'masked');
    const own = await computeInOrder(graph, Math.sin);
    const sequence = ({ order }: Computed): string => order.filter((name) => /Exp|Sin|Equal/.test(name)).join(' ');
    assert.equal(sequence(own), 'Exp Sin Equal');
    orderNodes(graph);
    const ordered = await computeInOrder(graph, Math.sin);
    assert.equal(sequence(ordered), 'Exp Equal Sin');
    assert.deepEqual(ordered.outputs.get('masked'), own.outputs.get('masked'));
  });

  it('is left as it is where nothing could be forgotten', () => {
    const graph = new Graph();
    graph.output(graph.op('Exp', [graph.input('samples', 'float32', [SIZE])]), 'powers');
    orderNodes(graph);
    assert.equal(graph.outputs.length, 1);
  });
});
