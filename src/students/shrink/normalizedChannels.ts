import { intOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/node.ts';
import { positiveAxis } from '../../onnx/shapes/rule.ts';
import { channelsAlong, joinAround } from './channelSpace.ts';
import type { ChannelTracker } from './channelTracker.ts';

/** Normalisation over the channels, and over axes behind them or before: that of the channels which remain. */
export function followLayerNormalization(tracker: ChannelTracker, node: Node): void {
  const [input] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!input || !channels) return;
  const first = positiveAxis(intOf(node, 'axis', -1), input.shape.length);
  if (node.outputs.slice(1).some((output) => output) || channels.axis < first) throw tracker.refusal(node);
  for (const index of [1, 2]) tracker.narrow(node, index, channels.axis - first, channels.parts);
  tracker.follow(node, channels);
}

/** What works along one axis: along that of the channels a softmax is one over those that remain, and all else is refused. */
export function followPerAxis(tracker: ChannelTracker, node: Node): void {
  const [input, axisInput] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!input || !channels) return;
  const axis = tracker.integersOf(node, axisInput)?.[0] ?? intOf(node, 'axis', -1);
  const isSoftmax = node.operator === 'Softmax' || node.operator === 'LogSoftmax';
  if (positiveAxis(axis, input.shape.length) === channels.axis && !isSoftmax) throw tracker.refusal(node);
  tracker.follow(node, channels);
}

/** Normalisation by groups: the channels at the same place of every group are kept or dropped together. */
export function followGroupNormalization(tracker: ChannelTracker, node: Node): void {
  const channels = tracker.channelsOf(node.inputs[0]);
  if (!channels) return;
  if (channels.axis !== 1) throw tracker.refusal(node);
  const groups = intOf(node, 'num_groups', 1);
  const along = channelsAlong(channels.parts);
  joinAround(along, { before: groups, size: along.length / groups, behind: 1 });
  for (const index of [1, 2]) tracker.narrow(node, index, 0, channels.parts);
  tracker.follow(node, channels);
}
