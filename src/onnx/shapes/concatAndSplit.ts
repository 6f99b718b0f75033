import { inputOf, intOf, misfit } from '../attributes.ts';
import { toNumbers, type Dimension, type Shape } from '../tensor.ts';
import {
  checkedAxis,
  derivedDimension,
  dimensionAt,
  mayEqual,
  type InferenceContext,
  type NodeSketch,
  type ShapeRule,
} from './rule.ts';

const concat: ShapeRule = ({ node }) => {
  const first = inputOf(node, 0);
  const axis = checkedAxis(node, intOf(node, 'axis', 0), first.shape.length);
  const shapes = node.inputs.map((_, index) => inputOf(node, index).shape);
  const shape = first.shape.map((dimension, index) => {
    const sizes = shapes.map((other) => dimensionAt(node, other, index));
    if (index === axis) return sumOf(sizes) ?? derivedDimension(node, axis);
    if (sizes.some((size) => !mayEqual(size, dimension))) throw misfit(node, `the sizes on axis ${index} differ`);
    return sizes.find((size) => typeof size === 'number') ?? dimension;
  });
  if (shapes.some((other) => other.length !== first.shape.length)) throw misfit(node, 'the numbers of axes differ');
  return { results: [{ type: first.type, shape }] };
};

function sumOf(sizes: readonly Dimension[]): Dimension | undefined {
  const [only] = sizes;
  if (sizes.length === 1) return only;
  const numbers = sizes.filter((size) => typeof size === 'number');
  return numbers.length === sizes.length ? numbers.reduce((sum, size) => sum + size, 0) : undefined;
}

/** Pieces of the given sizes, or `num_outputs` of equal size with a smaller last one. */
const split: ShapeRule = ({ node, known }) => {
  const { type, shape } = inputOf(node, 0);
  const axis = checkedAxis(node, intOf(node, 'axis', 0), shape.length);
  const total = dimensionAt(node, shape, axis);
  const pieces = splitSizes(node, known(1), total, axis);
  return {
    results: pieces.map((piece) => ({ type, shape: shape.map((size, index) => (index === axis ? piece : size)) })),
  };
};

function splitSizes(
  node: NodeSketch,
  given: ReturnType<InferenceContext['known']>,
  total: Dimension,
  axis: number,
): readonly Dimension[] {
  if (node.inputs[1]) {
    if (!given) throw misfit(node, 'the sizes of the pieces are not a constant');
    const sizes = toNumbers(given);
    const sum = sizes.reduce((left, right) => left + right, 0);
    if (!mayEqual(sum, total)) throw misfit(node, `pieces of [${sizes.join(', ')}] do not make up ${total}`);
    if (sizes.length !== node.outputCount) {
      throw misfit(node, `there are ${sizes.length} pieces for ${node.outputCount} outputs`);
    }
    return sizes;
  }
  const count = intOf(node, 'num_outputs', node.outputCount);
  if (typeof total === 'string') return Array.from({ length: count }, () => derivedDimension(node, axis));
  const size = Math.ceil(total / count);
  const last = total - size * (count - 1);
  if (last < 0) throw misfit(node, `${total} elements do not make ${count} pieces`);
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? last : size));
}

/** One part of every axis: starts, ends, axes and steps are inputs 1 to 4. */
const slice: ShapeRule = (context) => {
  const { node } = context;
  const { type, shape } = inputOf(node, 0);
  const parts = slicesOf(context);
  const result = shape.map((size, axis) => {
    const part = parts.get(axis);
    if (!part) return size;
    if (typeof size === 'string') {
      const whole = part.start === 0 && part.step === 1 && part.end >= 2 ** 31 - 1;
      return whole ? size : derivedDimension(node, axis);
    }
    return indicesOf(part, size).count;
  });
  return { results: [{ type, shape: result }] };
};

/** One axis' part in a Slice, as it is written: negative positions count from the end, far ones mean the end. */
export interface SlicePart {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** The parts of a Slice by axis. @throws DistilleryError when they are not constants. */
export function slicesOf({ node, known }: InferenceContext): ReadonlyMap<number, SlicePart> {
  const { shape } = inputOf(node, 0);
  const list = (index: number): number[] | undefined => {
    const tensor = known(index);
    if (node.inputs[index] && !tensor) throw misfit(node, `input ${index} is not known before the model runs`);
    return tensor && toNumbers(tensor);
  };
  const [starts, ends, axes, steps] = [list(1), list(2), list(3), list(4)];
  if (!starts || starts.length !== ends?.length) throw misfit(node, 'starts and ends do not match');
  return new Map(
    starts.map((start, index) => {
      const axis = checkedAxis(node, axes?.[index] ?? index, shape.length);
      const step = steps?.[index] ?? 1;
      if (step === 0) throw misfit(node, 'a step is 0');
      return [axis, { start, end: ends[index] ?? 0, step }];
    }),
  );
}

/** First index and number of indices that a part takes of an axis of `size` elements. */
export function indicesOf({ start, end, step }: SlicePart, size: number): { first: number; count: number } {
  const clamp = (position: number, low: number, high: number): number =>
    Math.min(Math.max(position < 0 ? position + size : position, low), high);
  const [first, last] =
    step > 0 ? [clamp(start, 0, size), clamp(end, 0, size)] : [clamp(start, 0, size - 1), clamp(end, -1, size - 1)];
  return { first, count: Math.max(0, Math.ceil((last - first) / step)) };
}

/** Pads input 1 (begins, then ends) on the axes of input 3, or on all. */
const pad: ShapeRule = ({ node, known }) => {
  const { type, shape } = inputOf(node, 0);
  const pads = known(1);
  const axesTensor = known(3);
  if (!pads || (node.inputs[3] && !axesTensor)) throw misfit(node, 'the padding is not a constant');
  const amounts = toNumbers(pads);
  const axes = axesTensor
    ? toNumbers(axesTensor).map((axis) => checkedAxis(node, axis, shape.length))
    : [...shape.keys()];
  if (amounts.length !== 2 * axes.length) throw misfit(node, `${amounts.length} amounts pad ${axes.length} axes`);
  const added = new Map(
    axes.map((axis, index) => [axis, (amounts[index] ?? 0) + (amounts[index + axes.length] ?? 0)] as const),
  );
  return { results: [{ type, shape: padded(node, shape, added) }] };
};

function padded(node: NodeSketch, shape: Shape, added: ReadonlyMap<number, number>): Shape {
  return shape.map((size, axis) => {
    const amount = added.get(axis) ?? 0;
    if (amount === 0) return size;
    if (typeof size === 'string') return derivedDimension(node, axis);
    if (size + amount < 0) throw misfit(node, `padding by ${amount} leaves nothing of axis ${axis}`);
    return size + amount;
  });
}

export const pieceRules: Readonly<Record<string, ShapeRule>> = { Concat: concat, Split: split, Slice: slice, Pad: pad };
