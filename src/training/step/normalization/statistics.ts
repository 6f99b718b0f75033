import { DistilleryError } from '../../../errors.ts';
import { formula } from '../../../autodiff/formula.ts';
import { reshape, sumOver } from '../../../autodiff/layout.ts';
import { floatOf } from '../../../onnx/attributes.ts';
import { dimensionsOf, type Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { elementCount } from '../../../onnx/tensor.ts';

/** Mean and (biased) variance of each channel, [C]. */
export interface Statistics {
  readonly mean: Value;
  readonly variance: Value;
}

/** How the channels of an image [B, C, …] are summed over and computed with. */
export interface Channels {
  /** All axes but that of the channels. */
  readonly axes: readonly number[];
  /** Number of elements of a channel. */
  readonly count: number;
  /** Mean of each channel of such an image, [C]. */
  readonly mean: (image: Value) => Value;
  /** One number per channel, [C], in a shape that such an image is computed with. */
  readonly spread: (numbers: Value) => Value;
}

/** How numbers of channels are found and spread again. @param image [batch, channels, …] */
export function channelsOf(graph: Graph, image: Value): Channels {
  const shape = dimensionsOf(image);
  const axes = shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const count = elementCount(shape) / (shape[1] ?? 1);
  const ofChannels = shape.map((size, axis) => (axis === 1 ? size : 1));
  return {
    axes,
    count,
    mean: (value) => formula(graph).div(sumOver(graph, value, axes, false), count),
    spread: (numbers) => reshape(graph, numbers, ofChannels),
  };
}

/**
 * What the running statistics of a batch normalisation become: running · momentum + batch · (1 − momentum).
 * @param inputs of the normalisation; running mean and variance are the last two
 */
export function moveStatistics(
  graph: Graph,
  node: Node,
  inputs: readonly (Value | undefined)[],
  batch: Statistics,
): Statistics {
  const [mean, variance] = inputs.slice(3);
  if (!mean || !variance) {
    throw new DistilleryError('BAD_FILE', `Node '${node.name}' (BatchNormalization) lacks an input.`);
  }
  const momentum = floatOf(node, 'momentum', 0.9);
  const { add, mul } = formula(graph);
  const moved = (running: Value, present: Value): Value => add(mul(running, momentum), mul(present, 1 - momentum));
  return { mean: moved(mean, batch.mean), variance: moved(variance, batch.variance) };
}
