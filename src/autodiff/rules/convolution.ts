import { inputOf, intOf } from '../../onnx/attributes.ts';
import { dimensionsOf, int, ints, type Graph, type Node, type Value } from '../../onnx/graph.ts';
import { windowOf, type Window } from '../../onnx/window.ts';
import { flip, pad, reshape, sumOver, transpose } from '../layout.ts';
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
 * The gradient with respect to the input: with stride 1 the convolution of the gradient with the flipped kernel, input
 * and output channels exchanged, which runs faster than the transposed convolution that it equals.
 */
function inputGradient(graph: Graph, node: Node, g: Value, window: Window, groups: number): Value {
  const weights = inputOf(node, 1);
  const [, , ...spatial] = dimensionsOf(inputOf(node, 0));
  if (window.strides.some((stride) => stride !== 1)) {
    return transposedConvolution(graph, g, weights, window, groups, spatial);
  }
  const reach = window.kernel.map((size, axis) => (size - 1) * (window.dilations[axis] ?? 1));
  const before = reach.map((size, axis) => size - (window.padsBegin[axis] ?? 0));
  const after = reach.map((size, axis) => size - (window.padsEnd[axis] ?? 0));
  const result = graph.op('Conv', [g, exchangeChannels(graph, weights, groups)], {
    dilations: ints(window.dilations),
    group: int(groups),
    kernel_shape: ints(window.kernel),
    pads: ints([...before, ...after].map((amount) => Math.max(amount, 0))),
  });
  // Where the forward padding was wider than the kernel reaches, the outermost results belong to the padding.
  const margins = reach.map((_, axis) => ({
    axis: axis + 2,
    before: Math.min(before[axis] ?? 0, 0),
    after: Math.min(after[axis] ?? 0, 0),
  }));
  return pad(graph, result, margins);
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

/** The transposed convolution whose result has the given spatial sizes. */
function transposedConvolution(
  graph: Graph,
  g: Value,
  weights: Value,
  { kernel, strides, dilations, padsBegin, padsEnd }: Window,
  groups: number,
  spatial: readonly number[],
): Value {
  const reached = dimensionsOf(g)
    .slice(2)
    .map((size, axis) => {
      const extent = (dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1) + 1;
      return (size - 1) * (strides[axis] ?? 1) + extent - (padsBegin[axis] ?? 0) - (padsEnd[axis] ?? 0);
    });
  return graph.op('ConvTranspose', [g, weights], {
    dilations: ints(dilations),
    group: int(groups),
    kernel_shape: ints(kernel),
    output_padding: ints(spatial.map((size, axis) => size - (reached[axis] ?? size))),
    pads: ints([...padsBegin, ...padsEnd]),
    strides: ints(strides),
  });
}

export const convolutionRules: Readonly<Record<string, GradientRule>> = { Conv: convolution };
