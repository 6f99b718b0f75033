import { dimensionsOf, int, ints, type Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';
import { elementCount, floatTensor } from '../../../onnx/tensor.ts';
import { blockedDomain as domain } from './blockedDomain.ts';

/** Which entry of a window is taken, and where windows lie. */
interface Selection {
  /** Rows and columns of the window; one of each by default. */
  readonly sizes?: readonly [number, number];
  /** The entry that is taken, in row-major order; the first by default. */
  readonly entry?: number;
  /** Zeros above, on the left, below and on the right; none by default. */
  readonly pads?: readonly [number, number, number, number];
  readonly strides?: readonly [number, number];
}

/**
 * One entry of every window of an image in blocks: a copy of it, moved, with a margin, or every n-th row or column. It is a convolution whose kernels
 * have a single one, which several threads share, unlike padding and cutting out.
 *
 * @param block channels of one block
 */
export function selectEntry(graph: Graph, image: Value, block: number, selection: Selection = {}): Value {
  const { sizes = [1, 1], entry = 0, pads = [0, 0, 0, 0], strides = [1, 1] } = selection;
  const [, channels = 1] = dimensionsOf(image);
  const entries = elementCount(sizes);
  // Per block of channels the entries of the kernel, a block each.
  const data = Float32Array.from({ length: channels * entries }, (_, index) =>
    Math.floor(index / block) % entries === entry ? 1 : 0,
  );
  const kernels = graph.constant(floatTensor(data, [channels, 1, ...sizes]));
  const attributes = {
    group: int(channels),
    kernel_shape: ints(sizes),
    ...(pads.some((pad) => pad > 0) && { pads: ints(pads) }),
    ...(strides.some((stride) => stride > 1) && { strides: ints(strides) }),
  };
  return graph.op('Conv', [image, kernels], attributes, { domain });
}
