import { DistilleryError } from '../../errors.ts';
import { type Tensor, floatData } from '../../onnx/tensor.ts';
import type { Channel, ChannelSpace } from './channelSpace.ts';
import type { Producer } from './channelTracker.ts';

/** By the name of a layer's output: how important each of its channels is. */
export type ChannelImportance = ReadonlyMap<string, ArrayLike<number>>;

/** What can be kept or dropped: a channel, or those that are joined, and how important it is to the layers that compute it. */
interface Candidate {
  readonly channel: Channel;
  readonly order: number;
  readonly scores: number[];
}

/**
 * Chooses the channels that remain in every space: the most important ones, which are those whose filters have the largest L1 norms
 * (arXiv 1608.08710) unless it is told. Figures of a layer are divided by their mean, and those of channels that are kept or dropped together, such as
 * the channels of one head, averaged. In spaces that have channels in common the same share remains of all.
 *
 * @param spaces of each of which at least one channel remains
 * @param factor share of the channels that remain; or one for each group of spaces with channels in common, in the order of their layers
 * @param importance of the channels of every layer; by default the L1 norms
 * @returns the channels that are dropped, each by its root
 * @throws DistilleryError `BAD_INPUT` when there are more or fewer groups than shares
 */
export function chooseChannels(
  { producers, spaces }: { readonly producers: readonly Producer[]; readonly spaces: Iterable<ChannelSpace> },
  weights: ReadonlyMap<string, Tensor>,
  factor: number | readonly number[],
  importance?: ChannelImportance,
): ReadonlySet<Channel> {
  const candidates = new Map<Channel, Candidate>();
  for (const { weight, axis, space, output } of producers) {
    const tensor = weights.get(weight);
    if (!tensor) throw new DistilleryError('INTERNAL', `The network has no weight '${weight}'.`);
    const figures = foldGates(Array.from(importance?.get(output.name) ?? sliceNorms(tensor, axis)), space.size);
    const mean = meanOf(figures) || 1;
    const joined = new Map<Channel, number[]>();
    for (const [index, { root }] of space.channels.entries()) {
      joined.set(root, [...(joined.get(root) ?? []), (figures[index] ?? 0) / mean]);
    }
    for (const [channel, own] of joined) {
      const candidate = candidates.get(channel) ?? { channel, order: candidates.size, scores: [] };
      candidates.set(channel, candidate);
      candidate.scores.push(meanOf(own));
    }
  }
  const dropped = new Set<Channel>();
  const groups = groupsOf(producers, candidates).filter((group) => group.some(({ channel }) => !channel.isFixed));
  if (typeof factor !== 'number' && factor.length !== groups.length)
    throw otherNumber(factor.length, groups, producers);
  for (const [index, group] of groups.entries()) {
    const free = group.filter(({ channel }) => !channel.isFixed);
    const wanted = Math.round(free.length * (typeof factor === 'number' ? factor : (factor[index] ?? 1)));
    const count = free.length === group.length ? Math.max(1, wanted) : wanted;
    const ranked = free.sort((a, b) => meanOf(b.scores) - meanOf(a.scores) || a.order - b.order);
    for (const { channel } of ranked.slice(count)) dropped.add(channel);
  }
  for (const { channels } of spaces) keepOne(channels, candidates, dropped);
  return dropped;
}

function otherNumber(
  shares: number,
  groups: readonly (readonly Candidate[])[],
  producers: readonly Producer[],
): DistilleryError {
  const named = groups.map((group) => {
    const channels = new Set(group.map(({ channel }) => channel));
    const layers = producers.filter(({ space }) => space.channels.some(({ root }) => channels.has(root)));
    return layers.map(({ output }) => `'${output.name}'`).join(' with ');
  });
  const message = `${shares} shares are named, but there are ${groups.length} layers whose channels can be dropped.`;
  return new DistilleryError('BAD_INPUT', message, { hint: `In their order: ${named.join(', ')}.` });
}

/** Candidates that lie in one space, or in spaces with candidates in common. */
function groupsOf(producers: readonly Producer[], candidates: ReadonlyMap<Channel, Candidate>): Candidate[][] {
  const groups = new Map<Channel, Candidate[]>();
  for (const { space } of producers) {
    const group: Candidate[] = [];
    for (const { root } of space.channels) {
      const known = groups.get(root);
      if (known === group) continue;
      const candidate = candidates.get(root);
      const added = known ?? (candidate ? [candidate] : []);
      group.push(...added);
      for (const { channel } of added) groups.set(channel, group);
    }
  }
  return [...new Set(groups.values())];
}

function keepOne(
  channels: readonly Channel[],
  candidates: ReadonlyMap<Channel, Candidate>,
  dropped: Set<Channel>,
): void {
  if (channels.length === 0 || channels.some(({ root }) => !dropped.has(root))) return;
  const [best] = channels
    .flatMap(({ root }) => candidates.get(root) ?? [])
    .sort((a, b) => meanOf(b.scores) - meanOf(a.scores) || a.order - b.order);
  if (best) dropped.delete(best.channel);
}

function meanOf(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
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
