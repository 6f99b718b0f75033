import assert from 'node:assert/strict';
import { kernelGradient } from '../../../../src/autodiff/rules/kernelGradient.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import type { Node } from '../../../../src/onnx/node.ts';
import { windowOf } from '../../../../src/onnx/window.ts';
import { findBlockSize } from '../../../../src/training/lowering/blocks/findBlockSize.ts';
import { lowerGraph } from '../../../../src/training/lowering/lowerGraph.ts';
import { assertSameOutputs, blockSizeOrSkip } from '../../../support/lowered.ts';

/** How a gradient is to be computed where there are blocked convolutions. */
type Form = 'blocks' | 'products' | 'channels';

interface Case {
  readonly title: string;
  /** [N, C, …] and [N, M, …]. */
  readonly large: readonly number[];
  readonly small: readonly number[];
  readonly kernel: readonly number[];
  readonly pads?: readonly number[];
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly groups?: number;
  readonly form: Form;
}

const cases: readonly Case[] = [
  {
    title: 'a row of two blocks',
    large: [2, 5, 6, 32],
    small: [2, 16, 6, 32],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    form: 'blocks',
  },
  {
    title: 'rows of two samples in a block',
    large: [4, 16, 8, 8],
    small: [4, 32, 8, 8],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    form: 'blocks',
  },
  {
    title: 'rows of four samples in a block',
    large: [4, 3, 5, 4],
    small: [4, 16, 5, 4],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    form: 'blocks',
  },
  {
    title: 'stride 2',
    large: [2, 4, 32, 32],
    small: [2, 16, 16, 16],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    strides: [2, 2],
    form: 'blocks',
  },
  {
    title: 'stride 2, a wide kernel',
    large: [2, 3, 16, 16],
    small: [2, 32, 8, 8],
    kernel: [7, 7],
    pads: [3, 3, 3, 3],
    strides: [2, 2],
    form: 'blocks',
  },
  {
    title: 'stride 3 and 1, dilated rows',
    large: [2, 4, 12, 16],
    small: [2, 16, 4, 16],
    kernel: [3, 5],
    pads: [2, 2, 2, 2],
    strides: [3, 1],
    dilations: [2, 1],
    form: 'blocks',
  },
  {
    title: 'dilated columns',
    large: [2, 4, 7, 16],
    small: [2, 16, 7, 16],
    kernel: [3, 3],
    pads: [1, 3, 1, 3],
    dilations: [1, 3],
    form: 'blocks',
  },
  {
    title: 'an even kernel, padded on one side',
    large: [2, 4, 6, 16],
    small: [2, 16, 6, 16],
    kernel: [2, 2],
    pads: [1, 0, 0, 1],
    form: 'blocks',
  },
  {
    title: 'rows that no window reaches',
    large: [2, 4, 16, 32],
    small: [2, 16, 7, 16],
    kernel: [3, 3],
    pads: [0, 1, 0, 0],
    strides: [2, 2],
    form: 'blocks',
  },
  {
    title: 'rows that fill no block',
    large: [2, 4, 9, 7],
    small: [2, 16, 9, 7],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    form: 'products',
  },
  {
    title: 'an odd number of samples',
    large: [3, 4, 8, 8],
    small: [3, 16, 8, 8],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    form: 'products',
  },
  {
    title: 'filters that fill no block',
    large: [2, 4, 6, 16],
    small: [2, 10, 6, 16],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    form: 'products',
  },
  {
    title: 'stride 2 over an odd size',
    large: [2, 12, 9, 9],
    small: [2, 16, 5, 5],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    strides: [2, 2],
    form: 'products',
  },
  {
    title: 'stride 3, columns left over',
    large: [2, 12, 11, 11],
    small: [2, 6, 3, 3],
    kernel: [3, 3],
    strides: [3, 3],
    form: 'products',
  },
  {
    title: 'one entry, stride 2',
    large: [2, 16, 8, 32],
    small: [2, 32, 4, 16],
    kernel: [1, 1],
    strides: [2, 2],
    form: 'blocks',
  },
  {
    title: 'one entry, more channels than filters',
    large: [3, 48, 8, 8],
    small: [3, 20, 8, 8],
    kernel: [1, 1],
    form: 'blocks',
  },
  {
    title: 'one entry, positions that fill no block',
    large: [2, 16, 5, 5],
    small: [2, 32, 5, 5],
    kernel: [1, 1],
    form: 'products',
  },
  {
    title: 'entries that meet nothing but padding',
    large: [2, 4, 3, 3],
    small: [2, 16, 7, 7],
    kernel: [5, 5],
    pads: [4, 4, 4, 4],
    form: 'products',
  },
  {
    title: 'many channels in few positions',
    large: [4, 64, 4, 4],
    small: [4, 64, 4, 4],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    form: 'products',
  },
  {
    title: 'groups',
    large: [2, 12, 6, 16],
    small: [2, 32, 6, 16],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    groups: 2,
    form: 'products',
  },
  {
    title: 'one channel per group',
    large: [2, 16, 6, 9],
    small: [2, 32, 3, 5],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    strides: [2, 2],
    groups: 16,
    form: 'channels',
  },
  {
    title: 'one channel and one filter per group',
    large: [3, 32, 6, 9],
    small: [3, 32, 6, 9],
    kernel: [3, 3],
    pads: [1, 1, 1, 1],
    groups: 32,
    form: 'channels',
  },
  {
    title: 'one channel and one filter per group, stride 2, a margin on one side',
    large: [2, 16, 8, 8],
    small: [2, 16, 4, 4],
    kernel: [3, 3],
    pads: [0, 0, 1, 1],
    strides: [2, 2],
    groups: 16,
    form: 'channels',
  },
  { title: 'one axis', large: [2, 4, 16], small: [2, 16, 16], kernel: [3], pads: [1, 1], form: 'products' },
  {
    title: 'three axes',
    large: [2, 3, 4, 5, 6],
    small: [2, 16, 2, 3, 6],
    kernel: [3, 3, 3],
    pads: [1, 1, 1, 1, 1, 1],
    strides: [2, 2, 1],
    form: 'products',
  },
];

describe('lowered kernel gradients', () => {
  for (const one of cases) {
    it(`equal convolutions of the exchanged images: ${one.title}`, async () => {
      const graph = exchangedImages(one);
      await assertSameOutputs(graph, lowerGraph(graph, undefined));
      const block = await findBlockSize();
      if (block !== undefined) await assertSameOutputs(graph, lowerGraph(graph, block));
    });

    it(`are computed in the form for their shapes: ${one.title}`, async function () {
      const { nodes } = lowerGraph(exchangedImages(one), await blockSizeOrSkip(this, 16));
      const has = (test: (node: Node) => boolean) => nodes.some(test);
      // A product with a single row is a sum.
      const form: Form = has(({ operator, inputs }) => operator === 'MatMul' && inputs[0]?.shape[0] !== 1)
        ? 'products'
        : has(({ operator, domain }) => operator === 'Conv' && domain === '') || one.groups === one.large[1]
          ? 'channels'
          : 'blocks';
      assert.equal(form, one.form);
    });
  }

  it('leave convolutions alone that are none', () => {
    const graph = new Graph();
    const image = graph.input('image', 'float32', [2, 3, 8, 8]);
    const weights = graph.input('weights', 'float32', [4, 3, 3, 3]);
    graph.output(
      graph.op('Transpose', [graph.op('Conv', [image, weights])], { perm: { kind: 'ints', value: [1, 0, 2, 3] } }),
      'output',
    );
    assert.deepEqual(
      lowerGraph(graph, undefined).nodes.map(({ operator }) => operator),
      ['Conv', 'Transpose'],
    );
  });
});

function exchangedImages({ large, small, kernel, pads, strides, dilations, groups = 1 }: Case): Graph {
  const graph = new Graph();
  const images = { large: graph.input('large', 'float32', large), small: graph.input('small', 'float32', small) };
  const list = (value: readonly number[] | undefined) => value && { kind: 'ints' as const, value };
  const attributes = Object.fromEntries(
    Object.entries({ pads: list(pads), strides: list(strides), dilations: list(dilations) }).filter(
      ([, value]) => value,
    ),
  ) as Record<string, { kind: 'ints'; value: readonly number[] }>;
  const window = windowOf({ operator: 'Conv', name: 'conv', inputs: [], attributes }, large.slice(2), kernel);
  graph.output(kernelGradient(graph, { ...images, window, groups }), 'gradient');
  return graph;
}
