import assert from 'node:assert/strict';
import { gradients } from '../../../../src/autodiff/gradients.ts';
import { copyGraph } from '../../../../src/onnx/copy.ts';
import { Graph, ints } from '../../../../src/onnx/graph.ts';
import { pruneGraph } from '../../../../src/onnx/prune.ts';
import { TrainedForm } from '../../../../src/training/step/trainedForm.ts';
import { assertSameOutputs } from '../../../support/lowered.ts';

/** A rectifier before a pool, as files have it. */
function network(readsRectifier: boolean): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 3, 4, 6]);
  const rectified = graph.op('Relu', [x]);
  const pooled = graph.op('MaxPool', [rectified], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) });
  graph.output(pooled, 'pooled');
  if (readsRectifier) graph.output(rectified, 'rectified');
  return graph;
}

/** What is trained of it, and the gradient of Σ pooled². */
function trained(source: Graph, withForm: boolean): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 3, 4, 6]);
  const form = new TrainedForm(graph, source, { name: 'statistics', slots: [], length: 0 });
  const copies = copyGraph(graph, source, {
    bindings: new Map([['x', x]]),
    prefix: '',
    ...(withForm && { rewrite: form.rewrite }),
  });
  const pooled = copies.get('pooled') ?? copies.get(source.outputs[0]!.name)!;
  const loss = graph.op('ReduceSum', [graph.op('Mul', [pooled, pooled])]);
  const [gradient] = gradients(graph, loss, [x]);
  graph.output(pooled, 'pooled');
  graph.output(gradient!, 'gradient');
  return pruneGraph(graph);
}

describe('a rectifier before a pool of maxima', () => {
  it('comes after it in training, with the same outputs and gradients', async () => {
    const form = trained(network(false), true);
    await assertSameOutputs(trained(network(false), false), form);
    const [relu] = form.nodes.filter(({ operator }) => operator === 'Relu');
    assert.deepEqual(relu?.outputs[0]?.shape, [2, 3, 2, 3]);
  });

  it('stays where others read it', () => {
    const [relu] = trained(network(true), true).nodes.filter(({ operator }) => operator === 'Relu');
    assert.deepEqual(relu?.outputs[0]?.shape, [2, 3, 4, 6]);
  });
});
