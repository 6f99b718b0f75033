import assert from 'node:assert/strict';
import { flip } from '../../../../src/autodiff/layout.ts';
import { kernelGradient } from '../../../../src/autodiff/rules/kernelGradient.ts';
import { Graph, int, ints } from '../../../../src/onnx/graph.ts';
import type { Node, Value } from '../../../../src/onnx/node.ts';
import { windowOf } from '../../../../src/onnx/window.ts';
import { lowerGraph } from '../../../../src/training/lowering/lowerGraph.ts';
import { assertSameOutputs } from '../../../support/lowered.ts';

const padded = { pads: ints([1, 1, 1, 1]), kernel_shape: ints([3, 3]) };

interface Case {
  readonly title: string;
  /** What reads the product of an image [2, 4, 6, 8] with a number for each channel. */
  readonly build: (graph: Graph, product: Value) => Value;
  /** Whether the image is still multiplied. */
  readonly stays?: true;
}

const convolution = (shape: readonly number[], groups: number, operator = 'Conv') => ({
  build: (graph: Graph, product: Value) =>
    graph.op(operator, [product, graph.input('weights', 'float32', shape)], { ...padded, group: int(groups) }),
});

/** The gradient of the kernel [4, …] of a convolution of an image [2, 8, 6, 8]. */
function gradientOfKernel(groups: number) {
  return (graph: Graph, product: Value): Value => {
    const large = graph.input('large', 'float32', [2, 8, 6, 8]);
    const node: Node = {
      name: 'convolution',
      operator: 'Conv',
      domain: '',
      inputs: [],
      outputs: [],
      attributes: padded,
    };
    return kernelGradient(graph, { large, small: product, window: windowOf(node, [6, 8], [3, 3]), groups });
  };
}

const cases: readonly Case[] = [
  { title: 'an ordinary convolution', ...convolution([6, 4, 3, 3], 1) },
  { title: 'one channel per group', ...convolution([4, 1, 3, 3], 4) },
  {
    title: 'kernels exchanged and reversed',
    build: (graph, product) => {
      const kernels = graph.input('weights', 'float32', [4, 6, 3, 3]);
      const reversed = flip(graph, kernels, [2, 3]);
      return graph.op('Conv', [product, graph.op('Transpose', [reversed], { perm: ints([1, 0, 2, 3]) })], padded);
    },
  },
  { title: 'several channels per group', ...convolution([6, 2, 3, 3], 2), stays: true },
  { title: 'a transposed convolution in groups', ...convolution([4, 3, 3, 3], 2, 'ConvTranspose') },
  { title: "a kernel's gradient", build: gradientOfKernel(1) },
  { title: "a kernel's gradient in groups", build: gradientOfKernel(2) },
  { title: 'anything else', build: (graph, product) => graph.op('Tanh', [product]), stays: true },
];

describe('factors of channels', () => {
  for (const { title, build, stays = false } of cases) {
    it(`go into kernels: ${title}`, async () => {
      const graph = new Graph();
      const image = graph.input('image', 'float32', [2, 4, 6, 8]);
      const factors = graph.input('factors', 'float32', [1, 4, 1, 1]);
      graph.output(build(graph, graph.op('Mul', [image, factors])));
      const lowered = lowerGraph(graph, undefined);
      await assertSameOutputs(graph, lowered);
      const isMultiplied = lowered.nodes.some(
        ({ operator, outputs }) => operator === 'Mul' && outputs[0]?.shape.join() === image.shape.join(),
      );
      assert.equal(isMultiplied, stays);
    });
  }
});
