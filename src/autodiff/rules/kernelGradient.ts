import { dimensionsOf, type Graph, type Value } from '../../onnx/graph.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { Window } from '../../onnx/window.ts';
import { formula } from '../formula.ts';
import { concat, pad, reshape, slice, sumOver, transpose, transposeMatrices } from '../layout.ts';

/** Up to this many columns, all offsets together make a better matrix product than each alone (colour images). */
const narrow = 64;

/** The two images that a kernel connects: the window slides over `large`, [N, C, …], and makes `small`, [N, M, …]. */
export interface Correlation {
  readonly large: Value;
  readonly small: Value;
  readonly window: Window;
  readonly groups: number;
}

/**
 * The gradient with respect to a convolution's weights, [M, C / groups, …]: entry (m, c, offset) is the sum over batch
 * and positions of small · large shifted by the offset. One batched product per kernel offset of `small` with the
 * transposed shifted image, then the sum over the batch. Among the ways to write it in ONNX this is the fastest on ONNX
 * Runtime's CPU provider: 2.6 times as fast as a convolution of the exchanged images and 3.5 times as fast as gathering
 * all shifted images for one product, for a kernel of 3×3 between 64 and 64 channels of 16×16.
 */
export function kernelGradient(graph: Graph, correlation: Correlation): Value {
  const { large, small, window, groups } = correlation;
  const channels = dimensionsOf(large)[1] ?? 1;
  const filters = dimensionsOf(small)[1] ?? 1;
  const padded = padImage(graph, correlation);
  const offsets = offsetsOf(window.kernel);
  const shifts = offsets.map((offset) => shift(graph, padded, offset, correlation));
  if (groups === 1 && offsets.length > 1 && channels * offsets.length <= narrow) {
    const product = groupwise(graph, small, concat(graph, shifts, 1), groups);
    const apart = reshape(graph, product, [filters, offsets.length, channels]);
    return reshape(graph, transpose(graph, apart, [0, 2, 1]), [filters, channels, ...window.kernel]);
  }
  const product = channels === groups ? channelwise : groupwise;
  const perOffset = shifts.map((shifted) =>
    reshape(graph, product(graph, small, shifted, groups), [1, filters, channels / groups]),
  );
  const stacked = transpose(graph, concat(graph, perOffset, 0), perOffset.length === 1 ? [0, 1, 2] : [1, 2, 0]);
  return reshape(graph, stacked, [filters, channels / groups, ...window.kernel]);
}

/** Every group's product of matrices [M / groups, positions] · [positions, C / groups], summed over the batch. */
function groupwise(graph: Graph, small: Value, shifted: Value, groups: number): Value {
  const matrices = (image: Value) => {
    const [batch = 1, channels = 1, ...spatial] = dimensionsOf(image);
    const positions = elementCount(spatial);
    return reshape(
      graph,
      image,
      groups === 1 ? [batch, channels, positions] : [batch, groups, channels / groups, positions],
    );
  };
  const products = graph.op('MatMul', [matrices(small), transposeMatrices(graph, matrices(shifted))]);
  return sumOver(graph, products, [0], false);
}

/** One input channel per group: products of numbers, summed over batch and positions. */
function channelwise(graph: Graph, small: Value, shifted: Value, groups: number): Value {
  const [batch = 1, filters = 1, ...spatial] = dimensionsOf(small);
  const multiplier = filters / groups;
  const apart = (image: Value, copies: number) =>
    multiplier === 1 ? image : reshape(graph, image, [batch, groups, copies, ...spatial]);
  const products = formula(graph).mul(apart(small, multiplier), apart(shifted, 1));
  const summed = products.shape
    .map((_, axis) => axis)
    .filter((axis) => axis === 0 || axis > (multiplier === 1 ? 1 : 2));
  return sumOver(graph, products, summed, false);
}

/** The large image with its padding, wide enough for the last window. */
function padImage(graph: Graph, { large, window }: Correlation): Value {
  return pad(
    graph,
    large,
    window.kernel.map((_, axis) => ({
      axis: axis + 2,
      before: window.padsBegin[axis] ?? 0,
      after: window.padsEnd[axis] ?? 0,
    })),
  );
}

/** What a kernel entry meets at every position of the window. */
function shift(graph: Graph, padded: Value, offset: readonly number[], { small, window }: Correlation): Value {
  return slice(
    graph,
    padded,
    offset.map((entry, axis) => {
      const step = window.strides[axis] ?? 1;
      const start = entry * (window.dilations[axis] ?? 1);
      const positions = dimensionsOf(small)[axis + 2] ?? 1;
      return { axis: axis + 2, start, end: start + (positions - 1) * step + 1, step };
    }),
  );
}

/** Every index of the kernel, in row-major order. */
function offsetsOf(kernel: readonly number[]): readonly (readonly number[])[] {
  return kernel.reduce<readonly (readonly number[])[]>(
    (offsets, size) => offsets.flatMap((offset) => Array.from({ length: size }, (_, entry) => [...offset, entry])),
    [[]],
  );
}
