import type { Tensor } from '../onnx/tensor.ts';
import type { FloatWeight } from './weightedNodes.ts';

/**
 * Bits that a weight's whole numbers take of the 8 that they are stored in. Processors without VNNI add two products of an
 * activation (0…255) and a weight in 16 bits, which those of 7 bits always fit and those of 8 may not.
 */
export type WeightBits = 7 | 8;

/**
 * The largest whole number that a weight becomes; ranges are symmetric, so −128 is not used. With 7 bits it is 64, as ONNX Runtime's
 * `reduce_range` has it: 2 · 255 · 64 = 32,640 is the last that 16 bits hold.
 */
export const LARGEST_WEIGHT: Readonly<Record<WeightBits, number>> = { 7: 64, 8: 127 };

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
 * @param options.smallest scales that are not gone below, one for every channel
 */
export function quantizeWeight(
  weight: FloatWeight,
  axis: number,
  { bits = 8, smallest }: { readonly bits?: WeightBits; readonly smallest?: Float32Array | undefined } = {},
): QuantizedWeight {
  const most = LARGEST_WEIGHT[bits];
  const { shape, data } = weight;
  const channels = shape[axis] ?? 1;
  const inner = shape.slice(axis + 1).reduce((product, dimension) => product * dimension, 1);
  const channelOf = (index: number): number => Math.floor(index / inner) % channels;
  const largest = new Float32Array(channels);
  data.forEach((value, index) => {
    const channel = channelOf(index);
    largest[channel] = Math.max(largest[channel] ?? 0, Math.abs(value));
  });
  const scales = largest.map((value, channel) => Math.max(value / most, smallest?.[channel] ?? 0) || 1);
  const integers = Int8Array.from(data, (value, index) => {
    const rounded = Math.round(value / (scales[channelOf(index)] ?? 1));
    return Math.max(-most, Math.min(most, rounded));
  });
  return { integers: { type: 'int8', shape, data: integers }, scales };
}
