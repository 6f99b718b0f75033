import { dimensionsOf, int, ints, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import type { Window } from '../../onnx/window.ts';
import { reshape, slice, transpose, type Part } from '../layout.ts';

/** The images that a convolution's kernel connects, and how. */
export interface Correlation {
  /** What the window slides over, [N, C, …]. */
  readonly large: Value;
  /** What it makes, or the gradient of that: [N, M, …]. */
  readonly small: Value;
  readonly window: Window;
  readonly groups: number;
}

/**
 * The gradient with respect to a convolution's weights, [M, C / groups, …]: entry (m, c, offset) is the sum over batch
 * and positions of small · large shifted by the offset. That is a convolution, too: batch and channels exchanged, strides
 * and dilations exchanged, the small image as the kernel. Few runtimes are made for so large a kernel, so this form is
 * what the formula says and not how it is computed (src/training/lowering/kernelGradients).
 */
export function kernelGradient(graph: Graph, { large, small, window, groups }: Correlation): Value {
  const reached = cutUnreached(graph, large, window, dimensionsOf(small).slice(2));
  const images = exchangeBatch(graph, reached.image, groups);
  const correlated = graph.op('Conv', [images, exchangeBatch(graph, small, 1)], {
    dilations: ints(reached.strides),
    group: int(groups),
    kernel_shape: ints(dimensionsOf(small).slice(2)),
    pads: ints([...window.padsBegin, ...reached.padsEnd]),
    strides: ints(window.dilations),
  });
  return exchangeBatch(graph, correlated, 1);
}

/** An image [N, groups · K, …] as [K, groups · N, …]: the samples of every group are its channels. */
function exchangeBatch(graph: Graph, image: Value, groups: number): Value {
  const [batch = 1, channels = 1, ...spatial] = dimensionsOf(image);
  const axes = spatial.map((_, axis) => axis);
  if (groups === 1) return graph.op('Transpose', [image], { perm: ints([1, 0, ...axes.map((axis) => axis + 2)]) });
  const grouped = reshape(graph, image, [batch, groups, channels / groups, ...spatial]);
  const exchanged = transpose(graph, grouped, [2, 1, 0, ...axes.map((axis) => axis + 3)]);
  return reshape(graph, exchanged, [channels / groups, groups * batch, ...spatial]);
}

/** The part of the image that windows reach, and what is left of its padding and its strides. */
function cutUnreached(graph: Graph, image: Value, window: Window, positions: readonly number[]) {
  const axes = dimensionsOf(image)
    .slice(2)
    .map((size, axis) => {
      const [before = 0, stride = 1, entries = 1] = [window.padsBegin[axis], window.strides[axis], window.kernel[axis]];
      const last = ((positions[axis] ?? 1) - 1) * stride + (entries - 1) * (window.dilations[axis] ?? 1);
      const unreached = size + before - (last + 1);
      // A kernel of one entry meets every `stride`-th entry of the image and no other.
      const step = entries === 1 && before === 0 && unreached >= 0 ? stride : 1;
      const part: Part = { axis: axis + 2, start: 0, end: size - Math.max(0, unreached), step };
      return { part, padEnd: Math.max(0, -unreached), stride: step === 1 ? stride : 1 };
    });
  return {
    image: slice(
      graph,
      image,
      axes.map(({ part }) => part),
    ),
    padsEnd: axes.map(({ padEnd }) => padEnd),
    strides: axes.map(({ stride }) => stride),
  };
}
