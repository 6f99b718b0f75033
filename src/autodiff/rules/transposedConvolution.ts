import { inputOf, intOf, intsOf, misfit, textOf } from '../../onnx/attributes.ts';
import { dimensionsOf, int, ints } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { perAxis, type Window } from '../../onnx/window.ts';
import { slice, sumOver } from '../layout.ts';
import { firstOutputGradient, outputOf, type GradientRule } from '../rule.ts';
import { kernelGradient } from './kernelGradient.ts';

/**
 * A transposed convolution is a convolution's gradient with respect to its input, so its own gradients are those of the
 * convolution with the images exchanged: with respect to its input the convolution of the gradient, and with respect to
 * its weights the kernel's gradient with the gradient as the large image.
 */
const transposedConvolution: GradientRule = (context) => {
  const { graph, node, needs } = context;
  const g = firstOutputGradient(context);
  const x = inputOf(node, 0);
  const window = transposedWindow(node);
  const groups = intOf(node, 'group', 1);
  const allButChannels = g.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const byInput = () => {
    const result = graph.op('Conv', [g, inputOf(node, 1)], {
      dilations: ints(window.dilations),
      group: int(groups),
      kernel_shape: ints(window.kernel),
      pads: ints([...window.padsBegin, ...window.padsEnd]),
      strides: ints(window.strides),
    });
    // A wide output padding has room for windows that no input element stands for.
    const sizes = dimensionsOf(x);
    return slice(
      graph,
      result,
      sizes.slice(2).map((size, axis) => ({ axis: axis + 2, start: 0, end: size })),
    );
  };
  return [
    needs(0) ? byInput() : undefined,
    needs(1) ? kernelGradient(graph, { large: g, small: x, window, groups }) : undefined,
    needs(2) ? sumOver(graph, g, allButChannels, false) : undefined,
  ];
};

/** The window with the padding that makes the node's output as large as it is. */
function transposedWindow(node: Node): Window {
  const [, , ...kernel] = dimensionsOf(inputOf(node, 1));
  const rank = kernel.length;
  const strides = perAxis(node, 'strides', rank, 1);
  const dilations = perAxis(node, 'dilations', rank, 1);
  const autoPad = textOf(node, 'auto_pad', 'NOTSET');
  const pads = intsOf(node, 'pads') ?? new Array<number>(2 * rank).fill(0);
  if (autoPad === 'NOTSET' && !node.attributes['output_shape']) {
    return { kernel, strides, dilations, padsBegin: pads.slice(0, rank), padsEnd: pads.slice(rank) };
  }
  const totals = paddingOf(node, inputOf(node, 0), outputOf(node, 0), { kernel, strides, dilations });
  if (totals.some((total) => total < 0)) throw misfit(node, 'the output is larger than its windows');
  const smaller = totals.map((total) => Math.floor(total / 2));
  const larger = totals.map((total) => Math.ceil(total / 2));
  const [padsBegin, padsEnd] = autoPad === 'SAME_UPPER' ? [smaller, larger] : [larger, smaller];
  return { kernel, strides, dilations, padsBegin, padsEnd };
}

/** What is cut off the full result on each axis to reach the output's size. */
function paddingOf(
  node: Node,
  input: Value,
  output: Value,
  { kernel, strides, dilations }: Pick<Window, 'kernel' | 'strides' | 'dilations'>,
): number[] {
  const extra = perAxis(node, 'output_padding', kernel.length, 0);
  const sizes = dimensionsOf(input).slice(2);
  return dimensionsOf(output)
    .slice(2)
    .map((size, axis) => {
      const extent = (dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1) + 1;
      return ((sizes[axis] ?? 1) - 1) * (strides[axis] ?? 1) + extent + (extra[axis] ?? 0) - size;
    });
}

export const transposedConvolutionRules: Readonly<Record<string, GradientRule>> = {
  ConvTranspose: transposedConvolution,
};
