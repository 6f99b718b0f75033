import assert from 'node:assert/strict';
import { sumOver } from '../../../../src/autodiff/layout.ts';
import { Graph, int } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import { lowerForCpu } from '../../../../src/training/lowering/lowerForCpu.ts';
import { assertSameOutputs } from '../../../support/lowered.ts';

const image = [3, 4, 16, 32];

function graphOf(build: (graph: Graph, left: Value, right: Value) => void, shape = image): Graph {
  const graph = new Graph();
  build(graph, graph.input('left', 'float32', shape), graph.input('right', 'float32', shape));
  return graph;
}

const channelSums = (graph: Graph, left: Value, right: Value): Value =>
  sumOver(graph, graph.op('Mul', [left, right]), [0, 2, 3], false);

const operators = (graph: Graph): string[] => graph.nodes.map(({ operator }) => operator);

describe('sums of products', () => {
  it('become dot products of rows, without the product', async () => {
    const graph = graphOf((g, left, right) => {
      g.output(channelSums(g, left, right), 'products');
      g.output(channelSums(g, left, left), 'squares');
    });
    const lowered = lowerForCpu(graph, 16);
    assert.deepEqual(
      operators(lowered).filter((operator) => operator === 'Mul'),
      [],
    );
    assert.equal(operators(lowered).filter((operator) => operator === 'FusedMatMul').length, 2);
    await assertSameOutputs(graph, lowered);
  });

  it('stay where the product is read by others, rows are short, or shapes differ', () => {
    const kept = [
      graphOf((g, left, right) => {
        const product = g.op('Mul', [left, right]);
        g.output(sumOver(g, product, [0, 2, 3], false));
        g.output(g.op('Relu', [product]));
      }),
      graphOf((g, left, right) => g.output(channelSums(g, left, right)), [3, 4, 8, 8]),
      graphOf((g, left) => g.output(channelSums(g, left, g.scalar(2)))),
      graphOf((g, left, right) => {
        const axes = g.integers([1, 2, 3]);
        g.output(g.op('ReduceSum', [g.op('Mul', [left, right]), axes], { keepdims: int(0) }));
      }),
    ];
    for (const graph of kept) assert.ok(operators(lowerForCpu(graph, 16)).includes('Mul'));
  });
});
