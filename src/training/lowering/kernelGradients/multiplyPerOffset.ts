import { concat, reshape, sumOver, transpose, transposeMatrices } from '../../../autodiff/layout.ts';
import type { Correlation } from '../../../autodiff/rules/kernelGradient.ts';
import { dimensionsOf, type Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import { alignImages, shiftedImages } from './shiftedImages.ts';

/** Up to this many channels, all offsets together make a better matrix product than each alone (colour images). */
const narrow = 8;

/**
 * A kernel's gradient as one batched product per kernel offset of `small` with the transposed shifted image, then the
 * sum over the batch. Among the portable ways it is the fastest on ONNX Runtime's CPU provider: 2.6 times as fast as the
 * convolution of the exchanged images and 3.5 times as fast as gathering all shifted images for one product, for a kernel
 * of 3×3 between 64 and 64 channels of 16×16.
 */
export function multiplyPerOffset(graph: Graph, correlation: Correlation): Value {
  const { large, small, window, groups } = correlation;
  const channels = dimensionsOf(large)[1] ?? 1;
  const filters = dimensionsOf(small)[1] ?? 1;
  const entries = elementCount(window.kernel);
  if (groups === 1 && entries > 1 && channels <= narrow) {
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

/** Many channels in few positions: exchanging batch and channels costs less than a product for every sample. */
export function isOneProduct(filters: number, channels: number, positions: number): boolean {
  return filters * channels > positions * (filters + channels);
}

/** Every group's product of matrices [M / groups, positions] · [positions, C / groups], summed over the batch. */
function groupwise(graph: Graph, small: Value, shifted: Value, groups: number): Value {
  const [batch = 1, filters = 1, ...spatial] = dimensionsOf(small);
  const [, channels = 1] = dimensionsOf(shifted);
  const positions = elementCount(spatial);
  if (groups === 1 && isOneProduct(filters, channels, positions)) {
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
