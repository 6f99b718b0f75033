import { DistilleryError } from '../../errors.ts';
import type { Tensor } from '../../onnx/tensor.ts';
import { floatData } from '../../onnx/tensor.ts';
import type { ChannelSpace } from './channelSpace.ts';
import type { Producer } from './channelTracker.ts';

/**
 * Chooses the channels that remain in every space: those whose filters have the largest L1 norms (arXiv 1608.08710).
 * Where several layers compute the same channels, the norms of each are divided by their mean and added.
 *
 * @param factor share of the channels that remain; at least one does
 * @returns indices in ascending order, by the root of the space
 */
export function chooseChannels(
  producers: readonly Producer[],
  weights: ReadonlyMap<string, Tensor>,
  factor: number,
): ReadonlyMap<ChannelSpace, readonly number[]> {
  const scores = new Map<ChannelSpace, number[]>();
  for (const { weight, axis, space } of producers) {
    const tensor = weights.get(weight);
    if (!tensor) throw new DistilleryError('INTERNAL', `The network has no weight '${weight}'.`);
    const norms = sliceNorms(tensor, axis);
    const mean = norms.reduce((sum, norm) => sum + norm, 0) / norms.length || 1;
    const score = scores.get(space.root) ?? norms.map(() => 0);
    scores.set(
      space.root,
      score.map((sum, channel) => sum + (norms[channel] ?? 0) / mean),
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
