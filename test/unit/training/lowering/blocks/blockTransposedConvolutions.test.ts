import assert from 'node:assert/strict';
import { Graph, int, ints } from '../../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../../src/onnx/node.ts';
import { lowerForCpu } from '../../../../../src/training/lowering/lowerForCpu.ts';
import { assertSameOutputs, blockSizeOrSkip } from '../../../../support/lowered.ts';

interface Case {
  readonly title: string;
  readonly image: readonly number[];
  readonly weights: readonly number[];
  readonly attributes: Attributes;
  readonly bias?: boolean;
  readonly lowered: boolean;
}

const padded = (amount: number) => ints([amount, amount, amount, amount]);
const twice = ints([2, 2]);

const cases: readonly Case[] = [
  {
    title: "the input's gradient of a 3×3 convolution with stride 2",
    image: [2, 32, 4, 5],
    weights: [32, 16, 3, 3],
    attributes: { strides: twice, pads: padded(1), output_padding: ints([1, 1]) },
    lowered: true,
  },
  {
    title: 'a kernel of one entry, zeros between',
    image: [2, 16, 3, 4],
    weights: [16, 32, 1, 1],
    attributes: { strides: twice, output_padding: ints([1, 1]) },
    lowered: true,
  },
  {
    title: 'a kernel of 4×4, as decoders have it',
    image: [2, 16, 5, 4],
    weights: [16, 16, 4, 4],
    attributes: { strides: twice, pads: padded(1) },
    lowered: true,
  },
  {
    title: 'windows that do not overlap',
    image: [1, 16, 3, 3],
    weights: [16, 16, 2, 2],
    attributes: { strides: twice },
    lowered: true,
  },
  {
    title: 'stride 3 and 1',
    image: [2, 16, 4, 6],
    weights: [16, 16, 5, 3],
    attributes: { strides: ints([3, 1]), pads: ints([1, 1, 1, 1]) },
    lowered: true,
  },
  {
    title: 'one channel per group',
    image: [2, 32, 4, 4],
    weights: [32, 1, 3, 3],
    attributes: { strides: twice, pads: padded(1), output_padding: ints([1, 1]), group: int(32) },
    lowered: true,
  },
  {
    title: 'an odd output',
    image: [2, 16, 4, 4],
    weights: [16, 16, 3, 3],
    attributes: { strides: twice, pads: padded(1) },
    lowered: false,
  },
  {
    title: 'several channels per group',
    image: [2, 32, 4, 4],
    weights: [32, 16, 2, 2],
    attributes: { strides: twice, group: int(2) },
    lowered: false,
  },
  {
    title: 'a bias',
    image: [2, 16, 4, 4],
    weights: [16, 16, 2, 2],
    attributes: { strides: twice },
    bias: true,
    lowered: false,
  },
  {
    title: 'channels that fill no block',
    image: [2, 16, 4, 4],
    weights: [16, 10, 2, 2],
    attributes: { strides: twice },
    lowered: false,
  },
  {
    title: 'a dilated kernel',
    image: [2, 16, 4, 4],
    weights: [16, 16, 2, 2],
    attributes: { strides: twice, dilations: twice, output_padding: ints([1, 1]) },
    lowered: false,
  },
  {
    title: 'padding by rule',
    image: [2, 16, 4, 4],
    weights: [16, 16, 3, 3],
    attributes: { strides: twice, auto_pad: { kind: 'string', value: 'SAME_UPPER' } },
    lowered: false,
  },
];

describe('transposed convolutions in blocks', () => {
  for (const { title, image, weights, attributes, bias, lowered } of cases) {
    it(`equal plain ones: ${title}`, async function () {
      const block = await blockSizeOrSkip(this);
      const graph = new Graph();
      const inputs = [graph.input('image', 'float32', image), graph.input('weights', 'float32', weights)];
      if (bias) inputs.push(graph.input('bias', 'float32', [weights[1]!]));
      graph.output(graph.op('ConvTranspose', inputs, attributes), 'output');
      const fast = lowerForCpu(graph, block);
      assert.equal(!fast.nodes.some(({ operator }) => operator === 'ConvTranspose'), lowered);
      await assertSameOutputs(graph, fast);
    });
  }

  /** A residual block's gradient: of a convolution of 3×3 and of one of 1×1, both with a stride of 2. */
  function sumOfTwo({ isReadElsewhere = false, shortcuts = 2 }): Graph {
    const graph = new Graph();
    const strided = (name: string, kernel: number, batch = 2) =>
      graph.op(
        'ConvTranspose',
        [
          graph.input(`${name}.image`, 'float32', [batch, 32, 4, 5]),
          graph.input(`${name}.weights`, 'float32', [32, 16, kernel, kernel]),
        ],
        { strides: twice, pads: padded(kernel === 3 ? 1 : 0), output_padding: ints([1, 1]) },
      );
    const [main, shortcut] = [strided('main', 3), strided('shortcut', 1, shortcuts)];
    graph.output(graph.op('Add', [shortcut, main]), 'sum');
    if (isReadElsewhere) graph.output(graph.op('Tanh', [shortcut]), 'other');
    return graph;
  }

  it('are added phase by phase, and put together once', async function () {
    const block = await blockSizeOrSkip(this);
    const graph = sumOfTwo({});
    const fast = lowerForCpu(graph, block);
    await assertSameOutputs(graph, fast);
    const operators = fast.nodes.map(({ operator }) => operator);
    assert.equal(operators.filter((operator) => operator === 'Concat').length, 3);
    assert.ok(!operators.includes('Add') && !operators.includes('Pad'), operators.join());
  });

  it('are added as they are where others read one of them', async function () {
    const block = await blockSizeOrSkip(this);
    const graph = sumOfTwo({ isReadElsewhere: true });
    const fast = lowerForCpu(graph, block);
    await assertSameOutputs(graph, fast);
    assert.ok(fast.nodes.some(({ operator }) => operator === 'Add'));
  });

  it('are added as they are where one is of a single sample', async function () {
    const block = await blockSizeOrSkip(this);
    const graph = sumOfTwo({ shortcuts: 1 });
    await assertSameOutputs(graph, lowerForCpu(graph, block));
  });
});
