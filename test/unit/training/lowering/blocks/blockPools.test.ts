import assert from 'node:assert/strict';
import { gradients } from '../../../../../src/autodiff/gradients.ts';
import { Graph, ints } from '../../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../../src/onnx/node.ts';
import { blockedDomain } from '../../../../../src/training/lowering/blocks/blockedDomain.ts';
import { lowerForCpu } from '../../../../../src/training/lowering/lowerForCpu.ts';
import { assertSameOutputs, blockSizeOrSkip } from '../../../../support/lowered.ts';

/** A pool of a rectified convolution, [2, 32, 6, 8], in which many are equal, and what comes back to the convolution's image. */
function pooled(attributes: Attributes): Graph {
  const graph = new Graph();
  const image = graph.input('image', 'float32', [2, 16, 6, 8]);
  const weights = graph.input('weights', 'float32', [32, 16, 3, 3]);
  const convolved = graph.op('Conv', [image, weights], { pads: ints([1, 1, 1, 1]) });
  const pool = graph.op('MaxPool', [graph.op('Relu', [convolved])], attributes);
  const loss = graph.op('ReduceSum', [graph.op('Mul', [pool, graph.op('Tanh', [pool])])]);
  graph.output(pool, 'pool');
  graph.output(gradients(graph, loss, [convolved])[0]!, 'gradient');
  return graph;
}

const cases = [
  { title: 'windows of 2×2', attributes: { kernel_shape: ints([2, 2]), strides: ints([2, 2]) }, inBlocks: true },
  { title: 'windows of 3×4', attributes: { kernel_shape: ints([3, 4]), strides: ints([3, 4]) }, inBlocks: true },
  { title: 'rows alone', attributes: { kernel_shape: ints([2, 1]), strides: ints([2, 1]) }, inBlocks: true },
  { title: 'windows that overlap', attributes: { kernel_shape: ints([3, 3]), strides: ints([1, 1]) }, inBlocks: false },
  {
    title: 'windows that leave a column out',
    attributes: { kernel_shape: ints([2, 3]), strides: ints([2, 3]) },
    inBlocks: false,
  },
] as const;

describe('pools of images in blocks', () => {
  for (const { title, attributes, inBlocks } of cases) {
    it(`give what plain ones give, and their gradients: ${title}`, async function () {
      const block = await blockSizeOrSkip(this);
      const graph = pooled(attributes);
      const lowered = lowerForCpu(graph, block);
      await assertSameOutputs(graph, lowered);
      const pools = lowered.nodes.filter(({ operator }) => operator === 'MaxPool');
      assert.ok(pools.every(({ domain }) => (domain === blockedDomain) === inBlocks));
      assert.ok(
        !inBlocks ||
          lowered.nodes.every(({ operator, inputs }) => operator !== 'Concat' || inputs[0]?.shape.length === 2),
      );
    });
  }
});
