import { DistilleryError } from '../../errors.ts';
import { type Tensor, floatData } from '../../onnx/tensor.ts';
import type { ChannelSpace } from './channelSpace.ts';
import type { Producer } from './channelTracker.ts';

/** By the name of a layer's output: how important each of its channels is. */
export type ChannelImportance = ReadonlyMap<string, ArrayLike<number>>;

/**
 * Chooses the channels that remain in every space: the most important ones, which are those whose filters have the largest L1 norms
 * (arXiv 1608.08710) unless it is told. Where several layers compute the same channels, the figures of each are divided by their mean
 * and added.
 *
 * @param factor share of the channels that remain; at least one does
 * @param importance of the channels of every layer; by default the L1 norms
 * @returns indices in ascending order, by the root of the space
 */
export function chooseChannels(
  producers: readonly Producer[],
  weights: ReadonlyMap<string, Tensor>,
  factor: number,
  importance?: ChannelImportance,
): ReadonlyMap<ChannelSpace, readonly number[]> {
  const scores = new Map<ChannelSpace, number[]>();
  for (const { weight, axis, space, output } of producers) {
    const tensor = weights.get(weight);
    if (!tensor) throw new DistilleryError('INTERNAL', `The network has no weight '${weight}'.`);
    const figures = foldGates(Array.from(importance?.get(output.name) ?? sliceNorms(tensor, axis)), space.size);
    const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length || 1;
    const score = scores.get(space.root) ?? figures.map(() => 0);
    scores.set(
      space.root,
      score.map((sum, channel) => sum + (figures[channel] ?? 0) / mean),
    );
  }
  return new Map(
    [...scores].map(([root, score]) => {
      const count = root.isFixed ? root.size : Math.max(1, Math.round(root.size * factor));
      const ranked = score.map((value, channel) => ({ value, channel }));
      ranked.sort((a, b) => b.value - a.value || a.channel - b.channel);
      const kept = ranked.slice(0, count).map(({ channel }) => channel);
      return [root, kept.sort((a, b) => a - b)];
    }),
  );
}

/** Of a recurrent layer, whose units stand once for each gate: the sum over the gates. */
function foldGates(figures: readonly number[], size: number): number[] {
  const sums = new Array<number>(size).fill(0);
  for (const [index, figure] of figures.entries()) sums[index % size] = (sums[index % size] ?? 0) + figure;
  return sums;
}

/** Sums of absolute values of the slices along an axis. */
function sliceNorms(tensor: Tensor, axis: number): number[] {
  const size = tensor.shape[axis] ?? 1;
  const inner = tensor.shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const norms = new Array<number>(size).fill(0);
  floatData(tensor).forEach((value, index) => {
    const slice = Math.floor(index / inner) % size;
    norms[slice] = (norms[slice] ?? 0) + Math.abs(value);
  });
  return norms;
}
