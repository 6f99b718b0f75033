import { intOf, intsOf, misfit, textOf, type NodeLike } from './attributes.ts';
import type { Dimension, Shape } from './tensor.ts';

/** How a convolution or a pool slides over the spatial axes; one number per axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padsBegin: readonly number[];
  readonly padsEnd: readonly number[];
}

/**
 * The window of a `Conv`, `MaxPool`, … with `auto_pad` resolved for an input of these spatial dimensions.
 * @throws DistilleryError when an attribute has another number of axes, or when `SAME` padding meets a symbolic size
 *   with a stride
 */
export function windowOf(node: NodeLike, spatial: Shape, kernel: readonly number[]): Window {
  const rank = spatial.length;
  const strides = perAxis(node, 'strides', rank, 1);
  const dilations = perAxis(node, 'dilations', rank, 1);
  if (kernel.length !== rank) throw misfit(node, `a kernel of ${kernel.length} axes slides over ${rank} axes`);
  const given = intsOf(node, 'pads') ?? new Array<number>(2 * rank).fill(0);
  const autoPad = textOf(node, 'auto_pad', 'NOTSET');
  if (autoPad === 'NOTSET' || autoPad === '') {
    if (given.length !== 2 * rank) throw misfit(node, `pads must have ${2 * rank} numbers, not ${given.length}`);
    return { kernel, strides, dilations, padsBegin: given.slice(0, rank), padsEnd: given.slice(rank) };
  }
  const zeros = new Array<number>(rank).fill(0);
  if (autoPad === 'VALID') return { kernel, strides, dilations, padsBegin: zeros, padsEnd: zeros };
  if (autoPad !== 'SAME_UPPER' && autoPad !== 'SAME_LOWER') throw misfit(node, `auto_pad '${autoPad}' is not known`);
  const totals = kernel.map((size, axis) => {
    const [stride = 1, dilation = 1, input] = [strides[axis], dilations[axis], spatial[axis]];
    const extent = dilation * (size - 1) + 1;
    if (stride === 1) return extent - 1;
    if (typeof input !== 'number') throw misfit(node, 'SAME padding with a stride needs a known size');
    return Math.max(0, (Math.ceil(input / stride) - 1) * stride + extent - input);
  });
  const smaller = totals.map((total) => Math.floor(total / 2));
  const larger = totals.map((total) => Math.ceil(total / 2));
  return autoPad === 'SAME_UPPER'
    ? { kernel, strides, dilations, padsBegin: smaller, padsEnd: larger }
    : { kernel, strides, dilations, padsBegin: larger, padsEnd: smaller };
}

/**
 * Number of positions of the window on each axis.
 * @param options `roundUp`: a last window that only partly fits counts too, as long as it starts within the input (`ceil_mode`); `derived`: name
 * of an output dimension whose input dimension is symbolic
 * @throws DistilleryError when the window is larger than the padded input
 */
export function windowPositions(
  node: NodeLike,
  window: Window,
  spatial: Shape,
  { roundUp = false, derived }: { readonly roundUp?: boolean; readonly derived: (axis: number) => string },
): Dimension[] {
  return spatial.map((input, axis) => {
    const [size = 1, stride = 1, dilation = 1] = [window.kernel[axis], window.strides[axis], window.dilations[axis]];
    const [begin = 0, end = 0] = [window.padsBegin[axis], window.padsEnd[axis]];
    const extent = dilation * (size - 1) + 1;
    if (typeof input === 'string') return stride === 1 && begin + end === extent - 1 ? input : derived(axis);
    const room = input + begin + end - extent;
    if (room < 0) throw misfit(node, `a window of ${extent} is larger than the padded input of ${input + begin + end}`);
    if (!roundUp) return Math.floor(room / stride) + 1;
    const positions = Math.ceil(room / stride) + 1;
    return (positions - 1) * stride >= input + begin ? positions - 1 : positions;
  });
}

/** A list attribute with one number per axis. */
export function perAxis(node: NodeLike, name: string, rank: number, fallback: number): readonly number[] {
  const given = intsOf(node, name);
  if (!given) return new Array<number>(rank).fill(fallback);
  if (given.length !== rank) throw misfit(node, `${name} must have ${rank} numbers, not ${given.length}`);
  return given;
}

/** Whether a pool rounds its output size up. */
export function roundsUp(node: NodeLike): boolean {
  return intOf(node, 'ceil_mode', 0) === 1;
}
