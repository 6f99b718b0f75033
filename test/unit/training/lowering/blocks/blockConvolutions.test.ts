import assert from 'node:assert/strict';
import { rewriteGraph } from '../../../../../src/onnx/copy.ts';
import { Graph, int, ints } from '../../../../../src/onnx/graph.ts';
import type { Attribute } from '../../../../../src/onnx/node.ts';
import { lowerForCpu } from '../../../../../src/training/lowering/lowerForCpu.ts';
import { assertSameOutputs, blockSizeOrSkip } from '../../../../support/lowered.ts';

interface Case {
  readonly title: string;
  readonly image: readonly number[];
  readonly weights: readonly number[];
  readonly attributes?: Record<string, Attribute>;
  readonly bias?: boolean;
  readonly lowered: boolean;
}

const cases: readonly Case[] = [
  {
    title: '3×3, padded',
    image: [2, 32, 9, 7],
    weights: [16, 32, 3, 3],
    attributes: { pads: ints([1, 1, 1, 1]) },
    lowered: true,
  },
  {
    title: 'stride 2 with a bias',
    image: [1, 16, 8, 8],
    weights: [48, 16, 3, 3],
    attributes: { strides: ints([2, 2]), pads: ints([1, 1, 0, 0]) },
    bias: true,
    lowered: true,
  },
  { title: '1×1', image: [2, 64, 5, 5], weights: [32, 64, 1, 1], lowered: true },
  {
    title: 'colour image',
    image: [2, 3, 8, 8],
    weights: [16, 3, 3, 3],
    attributes: { pads: ints([1, 1, 1, 1]) },
    lowered: true,
  },
  {
    title: 'channels and filters that do not fill their blocks',
    image: [2, 24, 6, 5],
    weights: [44, 24, 3, 3],
    bias: true,
    lowered: true,
  },
  {
    title: 'one channel per group',
    image: [2, 32, 7, 9],
    weights: [32, 1, 3, 3],
    attributes: { group: int(32), strides: ints([2, 2]), pads: ints([1, 1, 1, 1]) },
    bias: true,
    lowered: true,
  },
  {
    title: 'dilated, one channel per group, a kernel as large as the image',
    image: [1, 64, 12, 12],
    weights: [64, 1, 6, 6],
    attributes: { group: int(64), dilations: ints([2, 2]), pads: ints([1, 1, 1, 1]) },
    lowered: true,
  },
  {
    title: 'dilated',
    image: [2, 16, 12, 12],
    weights: [16, 16, 3, 3],
    attributes: { dilations: ints([2, 3]), pads: ints([2, 3, 2, 3]) },
    lowered: true,
  },
  { title: 'channels that are not reordered', image: [1, 18, 6, 6], weights: [16, 18, 3, 3], lowered: false },
  { title: 'filters that leave blocks empty', image: [1, 16, 6, 6], weights: [10, 16, 3, 3], lowered: false },
  {
    title: 'several channels per group',
    image: [1, 32, 6, 6],
    weights: [32, 16, 3, 3],
    attributes: { group: int(2) },
    lowered: false,
  },
];

describe('blocked convolutions', () => {
  for (const { title, image, weights, attributes = {}, bias, lowered } of cases) {
    it(`equal plain ones: ${title}`, async function () {
      const block = await blockSizeOrSkip(this);
      const graph = new Graph();
      const inputs = [graph.input('image', 'float32', image), graph.input('weights', 'float32', weights)];
      if (bias) inputs.push(graph.input('bias', 'float32', [weights[0]!]));
      graph.output(graph.op('Conv', inputs, attributes), 'output');
      // Later passes read what is lowered again.
      const fast = rewriteGraph(lowerForCpu(graph, block));
      assert.equal(
        fast.nodes.some((node) => node.domain === 'com.microsoft.nchwc'),
        lowered,
      );
      await assertSameOutputs(graph, fast);
    });
  }

  for (const reversal of [-1, 1]) {
    it(`take kernels exchanged and ${reversal < 0 ? 'reversed' : 'cut'} as they are`, async function () {
      const block = await blockSizeOrSkip(this);
      const graph = new Graph();
      const image = graph.input('image', 'float32', [2, 32, 6, 5]);
      const kernels = graph.input('kernels', 'float32', [32, 16, 3, 3]);
      const [start, end] = reversal < 0 ? [-1, -4] : [0, 2];
      const part = [
        [start, start],
        [end, end],
        [2, 3],
        [reversal, reversal],
      ].map((numbers) => graph.integers(numbers));
      const exchanged = graph.op('Transpose', [graph.op('Slice', [kernels, ...part])], { perm: ints([1, 0, 2, 3]) });
      graph.output(graph.op('Conv', [image, exchanged]), 'output');
      const fast = lowerForCpu(graph, block);
      await assertSameOutputs(graph, fast);
      assert.equal(
        fast.nodes.some(({ operator }) => operator === 'Slice'),
        reversal > 0,
      );
    });
  }
});
