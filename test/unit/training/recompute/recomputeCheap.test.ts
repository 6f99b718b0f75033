import assert from 'node:assert/strict';
import { gradients } from '../../../../src/autodiff/gradients.ts';
import { Graph, int } from '../../../../src/onnx/graph.ts';
import { recomputeCheap } from '../../../../src/training/recompute/recomputeCheap.ts';
import { computeInOrder } from '../../../support/computedOrder.ts';

const [BATCH, WIDTH] = [64, 128];

/** Loss and gradients of three dense layers, with an activation and a normalisation between them. */
function stepOf(activation: string): Graph {
  const graph = new Graph();
  const weight = (name: string) => graph.input(name, 'float32', [WIDTH, WIDTH]);
  const [first, second, third] = [weight('first'), weight('second'), weight('third')];
  const [scale, bias] = [graph.input('scale', 'float32', [WIDTH]), graph.input('bias', 'float32', [WIDTH])];
  const samples = graph.input('samples', 'float32', [BATCH, WIDTH]);
  const active = graph.op(activation, [graph.op('MatMul', [samples, first])]);
  const normal = graph.op('LayerNormalization', [graph.op('MatMul', [active, second]), scale, bias], { axis: int(-1) });
  const loss = graph.op('ReduceMean', [graph.op('Sin', [graph.op('MatMul', [normal, third])])], { keepdims: int(0) });
  graph.output(loss, 'loss.total');
  const weights = [first, second, third, scale, bias];
  gradients(graph, loss, weights).forEach((gradient, index) => {
    graph.output(gradient, `gradient.${weights[index]?.name ?? ''}`);
  });
  return graph;
}

describe('outputs of cheap operators', () => {
  it('are computed again for the backward pass where their inputs are kept, and not merged with the first ones', async () => {
    const step = stepOf('Gelu');
    const kept = await computeInOrder(step, (index) => Math.sin(index * index));
    const spared = await computeInOrder(recomputeCheap(step, 'loss.total'), (index) => Math.sin(index * index));
    const count = (order: readonly string[], operator: string) => order.filter((name) => name === operator).length;
    for (const operator of ['Gelu', 'LayerNormalization']) {
      assert.equal(count(kept.order, operator), 1);
      assert.equal(count(spared.order, operator), 2);
      assert.ok(spared.order.lastIndexOf(operator) > spared.order.indexOf('Cos'), 'the backward pass begins with it');
    }
    assert.deepEqual(spared.outputs, kept.outputs);
  });

  it('are kept where the backward pass does not read their input', () => {
    const step = stepOf('Relu');
    const operators = recomputeCheap(step, 'loss.total').nodes.map(({ operator }) => operator);
    assert.equal(operators.filter((operator) => operator === 'Relu').length, 1);
    assert.equal(operators.filter((operator) => operator === 'LayerNormalization').length, 2);
  });
});
