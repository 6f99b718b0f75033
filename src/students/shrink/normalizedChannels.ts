import { intOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/node.ts';
import { positiveAxis } from '../../onnx/shapes/rule.ts';
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

/** What works along one axis, which is not that of the channels. */
export function followPerAxis(tracker: ChannelTracker, node: Node): void {
  const [input, axisInput] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!input || !channels) return;
  const axis = tracker.integersOf(node, axisInput)?.[0] ?? intOf(node, 'axis', -1);
  if (positiveAxis(axis, input.shape.length) === channels.axis) throw tracker.refusal(node);
  tracker.follow(node, channels);
}
