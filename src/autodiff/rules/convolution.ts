import { inputOf, intOf } from '../../onnx/attributes.ts';
import { dimensionsOf, int, ints, type Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { windowOf, type Window } from '../../onnx/window.ts';
import { flip, insertZeros, pad, reshape, sumOver, transpose } from '../layout.ts';
import { firstOutputGradient, type GradientRule } from '../rule.ts';
import { kernelGradient } from './kernelGradient.ts';

/** Convolution over any number of spatial axes, with groups. */
const convolution: GradientRule = (context) => {
  const { graph, node, needs } = context;
  const g = firstOutputGradient(context);
  const x = inputOf(node, 0);
  const weights = inputOf(node, 1);
  const [, , ...spatial] = dimensionsOf(x);
  const window = windowOf(node, spatial, dimensionsOf(weights).slice(2));
  const groups = intOf(node, 'group', 1);
  const allButChannels = g.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  return [
    needs(0) ? inputGradient(graph, node, g, window, groups) : undefined,
    needs(1) ? kernelGradient(graph, { large: x, small: g, window, groups }) : undefined,
    needs(2) ? sumOver(graph, g, allButChannels, false) : undefined,
  ];
};

/**
 * The gradient with respect to the input. With stride 1 it is the convolution of the gradient with the flipped kernel,
 * input and output channels exchanged, which runs faster than the transposed convolution that it equals
 * (bench/gradients/convolution.ts). A larger stride needs the transposed one, which ONNX Runtime's WebGPU provider has
 * for up to two spatial axes; beyond, zeros between the gradient's entries make the stride 1.
 */
function inputGradient(graph: Graph, node: Node, g: Value, window: Window, groups: number): Value {
  const weights = inputOf(node, 1);
  const extra = leftOver(node, g, window);
  const strided = window.strides.some((stride) => stride !== 1);
  if (strided && extra.length <= 2) {
    return graph.op('ConvTranspose', [g, weights], {
      dilations: ints(window.dilations),
      group: int(groups),
      kernel_shape: ints(window.kernel),
      output_padding: ints(extra),
      pads: ints([...window.padsBegin, ...window.padsEnd]),
      strides: ints(window.strides),
    });
  }
  const dense = window.strides.reduce((value, stride, axis) => insertZeros(graph, value, axis + 2, stride), g);
  const reach = window.kernel.map((size, axis) => (size - 1) * (window.dilations[axis] ?? 1));
  const margins = reach.map((size, axis) => ({
    axis: axis + 2,
    before: size - (window.padsBegin[axis] ?? 0),
    // The zeros inserted after the last entry are a margin already.
    after: size - (window.padsEnd[axis] ?? 0) + (extra[axis] ?? 0) - (window.strides[axis] ?? 1) + 1,
  }));
  const result = graph.op('Conv', [dense, exchangeChannels(graph, weights, groups)], {
    dilations: ints(window.dilations),
    group: int(groups),
    kernel_shape: ints(window.kernel),
    pads: ints([...margins.map(({ before }) => before), ...margins.map(({ after }) => after)].map(positivePart)),
  });
  // Where the forward padding was wider than the kernel reaches, the outermost results belong to the padding.
  return pad(
    graph,
    result,
    margins.map(({ axis, before, after }) => ({ axis, before: Math.min(before, 0), after: Math.min(after, 0) })),
  );
}

const positivePart = (amount: number) => Math.max(amount, 0);

/** Entries at the end of each spatial axis of the padded input that no window reaches. */
function leftOver(node: Node, g: Value, { kernel, strides, dilations, padsBegin, padsEnd }: Window): readonly number[] {
  const positions = dimensionsOf(g).slice(2);
  return dimensionsOf(inputOf(node, 0))
    .slice(2)
    .map((size, axis) => {
      const extent = (dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1) + 1;
      const reached = ((positions[axis] ?? 1) - 1) * (strides[axis] ?? 1) + extent;
      return size + (padsBegin[axis] ?? 0) + (padsEnd[axis] ?? 0) - reached;
    });
}

/** Weights [M, C / groups, …] as [C, M / groups, …], every kernel reversed. */
function exchangeChannels(graph: Graph, weights: Value, groups: number): Value {
  const [filters = 1, perGroup = 1, ...kernel] = dimensionsOf(weights);
  const axes = kernel.map((_, axis) => axis);
  const flipped = flip(
    graph,
    weights,
    axes.map((axis) => axis + 2),
  );
  if (groups === 1) return transpose(graph, flipped, [1, 0, ...axes.map((axis) => axis + 2)]);
  const grouped = reshape(graph, flipped, [groups, filters / groups, perGroup, ...kernel]);
  const exchanged = transpose(graph, grouped, [0, 2, 1, ...axes.map((axis) => axis + 3)]);
  return reshape(graph, exchanged, [groups * perGroup, filters / groups, ...kernel]);
}

export const convolutionRules: Readonly<Record<string, GradientRule>> = { Conv: convolution };
