import type { Tensor } from '../onnx/tensor.ts';
import type { FloatWeight } from './weightedNodes.ts';

/** The largest whole number that a weight becomes: int8 without −128, so that the range is symmetric. */
const LARGEST = 127;

/** A weight as whole numbers: weight = integer · scale of its channel. */
export interface QuantizedWeight {
  readonly integers: Tensor & { readonly data: Int8Array };
  /** One for every channel. */
  readonly scales: Float32Array;
}

/**
 * Rounds a weight to int8, every channel with a scale of its own (Jacob et al., arXiv 1712.05877; per channel: Krishnamoorthi,
 * arXiv 1806.08342).
 *
 * @param smallest scales that are not gone below, one for every channel
 */
export function quantizeWeight(weight: FloatWeight, axis: number, smallest?: Float32Array): QuantizedWeight {
  const { shape, data } = weight;
  const channels = shape[axis] ?? 1;
  const inner = shape.slice(axis + 1).reduce((product, dimension) => product * dimension, 1);
  const channelOf = (index: number): number => Math.floor(index / inner) % channels;
  const largest = new Float32Array(channels);
  data.forEach((value, index) => {
    const channel = channelOf(index);
    largest[channel] = Math.max(largest[channel] ?? 0, Math.abs(value));
  });
  const scales = largest.map((value, channel) => Math.max(value / LARGEST, smallest?.[channel] ?? 0) || 1);
  const integers = Int8Array.from(data, (value, index) => {
    const rounded = Math.round(value / (scales[channelOf(index)] ?? 1));
    return Math.max(-LARGEST, Math.min(LARGEST, rounded));
  });
  return { integers: { type: 'int8', shape, data: integers }, scales };
}
