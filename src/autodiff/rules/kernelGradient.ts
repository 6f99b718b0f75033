import { dimensionsOf, int, ints, type Graph, type Value } from '../../onnx/graph.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { Window } from '../../onnx/window.ts';
import { concat, reshape, slice, sumOver, transpose, transposeMatrices } from '../layout.ts';
import { alignImages, shiftedImages, type Connected } from './shiftedImages.ts';

/** Up to this many columns, all offsets together make a better matrix product than each alone (colour images). */
const narrow = 64;

/** The images that a convolution's kernel connects, and how. */
export interface Correlation extends Connected {
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
  if (groups > 1 && channels === groups) return channelwise(graph, correlation);
  const entries = elementCount(window.kernel);
  if (groups === 1 && entries > 1 && channels * entries <= narrow) {
    const shifts = shiftedImages(graph, large, window, dimensionsOf(small).slice(2));
    const product = groupwise(graph, small, concat(graph, shifts, 1), groups);
    const apart = reshape(graph, product, [filters, entries, channels]);
    return reshape(graph, transpose(graph, apart, [0, 2, 1]), [filters, channels, ...window.kernel]);
  }
  const perOffset = alignImages(graph, correlation, window).map((aligned) =>
    reshape(graph, groupwise(graph, aligned.small, aligned.large, groups), [1, filters, channels / groups]),
  );
  const stacked = transpose(graph, concat(graph, perOffset, 0), perOffset.length === 1 ? [0, 1, 2] : [1, 2, 0]);
  return reshape(graph, stacked, [filters, channels / groups, ...window.kernel]);
}

/** Every group's product of matrices [M / groups, positions] · [positions, C / groups], summed over the batch. */
function groupwise(graph: Graph, small: Value, shifted: Value, groups: number): Value {
  const [batch = 1, filters = 1, ...spatial] = dimensionsOf(small);
  const [, channels = 1] = dimensionsOf(shifted);
  const positions = elementCount(spatial);
  if (groups === 1 && filters * channels > positions * (filters + channels)) {
    // Many channels in few positions: exchanging batch and channels costs less than a product for every sample.
    const matrix = (image: Value) =>
      reshape(graph, transpose(graph, matrices(graph, image, 1), [1, 0, 2]), [-1, batch * positions]);
    return graph.op('MatMul', [matrix(small), transposeMatrices(graph, matrix(shifted))]);
  }
  const products = graph.op('MatMul', [
    matrices(graph, small, groups),
    transposeMatrices(graph, matrices(graph, shifted, groups)),
  ]);
  return sumOver(graph, products, [0], false);
}

/** An image as matrices [B, C, positions], or [B, groups, C / groups, positions]. */
function matrices(graph: Graph, image: Value, groups: number): Value {
  const [batch = 1, channels = 1, ...spatial] = dimensionsOf(image);
  const positions = elementCount(spatial);
  return reshape(
    graph,
    image,
    groups === 1 ? [batch, channels, positions] : [batch, groups, channels / groups, positions],
  );
}

/**
 * One input channel per group: every image of every sample is correlated with its own gradient, which is a convolution
 * with batch · channels groups whose kernel is the gradient, strides and dilations exchanged; then the sum over the batch.
 */
function channelwise(graph: Graph, { large, small, window, groups }: Correlation): Value {
  const [batch = 1, , ...spatial] = dimensionsOf(large);
  const [, filters = 1, ...positions] = dimensionsOf(small);
  const image = reshape(graph, large, [1, batch * groups, ...spatial]);
  const kernel = reshape(graph, small, [batch * filters, 1, ...positions]);
  const correlated = graph.op('Conv', [image, kernel], {
    dilations: ints(window.strides),
    group: int(batch * groups),
    kernel_shape: ints(positions),
    pads: ints([...window.padsBegin, ...window.padsEnd]),
    strides: ints(window.dilations),
  });
  // What the last window does not reach makes entries beyond the kernel.
  const reached = slice(
    graph,
    correlated,
    window.kernel.map((size, axis) => ({ axis: axis + 2, start: 0, end: size, step: 1 })),
  );
  const perSample = reshape(graph, reached, [batch, filters, 1, ...window.kernel]);
  return sumOver(graph, perSample, [0], false);
}
