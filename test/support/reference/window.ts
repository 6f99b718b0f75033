import { intOf, intsOf, textOf } from '../../../src/onnx/attributes.ts';
import type { Node } from '../../../src/onnx/node.ts';

/** How a kernel slides over the spatial axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

/** Reads a window from a node's attributes; `input` are the spatial sizes. */
export function windowOf(node: Node, kernel: readonly number[], input: readonly number[]): Window {
  const ones = kernel.map(() => 1);
  const strides = intsOf(node, 'strides') ?? ones;
  const dilations = intsOf(node, 'dilations') ?? ones;
  const mode = textOf(node, 'auto_pad', 'NOTSET');
  const pads = intsOf(node, 'pads') ?? [...kernel, ...kernel].map(() => 0);
  let begin = pads.slice(0, kernel.length);
  let end = pads.slice(kernel.length);
  if (mode === 'VALID') begin = end = kernel.map(() => 0);
  if (mode.startsWith('SAME')) {
    const totals = kernel.map((size, axis) => {
      const reach = (Math.ceil(input[axis]! / strides[axis]!) - 1) * strides[axis]! + (size - 1) * dilations[axis]! + 1;
      return Math.max(reach - input[axis]!, 0);
    });
    const less = totals.map((total) => Math.floor(total / 2));
    const more = totals.map((total) => Math.ceil(total / 2));
    [begin, end] = mode === 'SAME_UPPER' ? [less, more] : [more, less];
  }
  return { kernel, strides, dilations, begin, end };
}

/** Spatial sizes of what a window makes; with ceil_mode a last window must begin inside the input or its left padding. */
export function outputSizes(node: Node, window: Window, input: readonly number[]): number[] {
  return window.kernel.map((size, axis) => {
    const stride = window.strides[axis]!;
    const padded = input[axis]! + window.begin[axis]! + window.end[axis]!;
    const steps = (padded - (size - 1) * window.dilations[axis]! - 1) / stride;
    if (intOf(node, 'ceil_mode', 0) === 0) return Math.floor(steps) + 1;
    const count = Math.ceil(steps) + 1;
    return (count - 1) * stride >= input[axis]! + window.begin[axis]! ? count - 1 : count;
  });
}

/** Position in the input that a kernel entry meets at an output position. */
export function meets(window: Window, output: readonly number[], entry: readonly number[]): number[] {
  return output.map(
    (position, axis) => position * window.strides[axis]! - window.begin[axis]! + entry[axis]! * window.dilations[axis]!,
  );
}

/** Whether a position lies inside of the input. */
export function inside(position: readonly number[], sizes: readonly number[]): boolean {
  return position.every((entry, axis) => entry >= 0 && entry < sizes[axis]!);
}
