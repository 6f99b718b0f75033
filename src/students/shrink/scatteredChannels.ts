import { intOf } from '../../onnx/attributes.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { positiveAxis } from '../../onnx/shapes/rule.ts';
import { positionCount, type Channels } from './channelSpace.ts';
import type { ChannelTracker } from './channelTracker.ts';

/** What is written into, the places where, and what is written. */
interface Scattering {
  readonly data: Value;
  readonly indices: Value;
  readonly updates: Value;
}

function scatteringOf({ inputs: [data, indices, updates] }: Node): Scattering | undefined {
  return data && indices && updates && { data, indices, updates };
}

/**
 * Slices that are written, or added, at places along the first axes, behind which the channels lie: what is written has the same channels as what it
 * is written into.
 */
export function followScatterND(tracker: ChannelTracker, node: Node): void {
  const found = scatteringOf(node);
  if (!found) return;
  const { data, indices, updates } = found;
  const [whole, pieces] = [tracker.channelsOf(data), tracker.channelsOf(updates)];
  if (!whole && !pieces && !tracker.channelsOf(indices)) return;
  const depth = indices.shape.at(-1);
  if (typeof depth !== 'number' || tracker.channelsOf(indices)) throw tracker.refusal(node);
  // Of the data `depth` axes are named; in their place the updates have those of the indices but the last.
  const moved = indices.shape.length - 1 - depth;
  if ((whole?.axis ?? Infinity) < depth || (pieces && pieces.axis - moved < depth)) throw tracker.refusal(node);
  meet(tracker, node, whole, pieces && { ...pieces, axis: pieces.axis - moved }, moved);
}

/** Elements that are written, or added, at places along another axis than that of the channels. */
export function followScatterElements(tracker: ChannelTracker, node: Node): void {
  const found = scatteringOf(node);
  if (!found) return;
  const { data, indices, updates } = found;
  const [whole, pieces] = [tracker.channelsOf(data), tracker.channelsOf(updates)];
  const channels = whole ?? pieces ?? tracker.channelsOf(indices);
  if (!channels) return;
  if (positiveAxis(intOf(node, 'axis', 0), data.shape.length) === channels.axis) throw tracker.refusal(node);
  if (updates.shape[channels.axis] !== data.shape[channels.axis]) throw tracker.refusal(node);
  meet(tracker, node, whole, pieces, 0);
  chooseIndices(tracker, node, indices, channels);
}

/** Elements that are read at places along another axis than that of the channels. */
export function followGatherElements(tracker: ChannelTracker, node: Node): void {
  const [data, indices] = node.inputs;
  const channels = tracker.channelsOf(data);
  if (!data || !indices) return;
  if (!channels) {
    if (tracker.channelsOf(indices)) throw tracker.refusal(node);
    return;
  }
  if (positiveAxis(intOf(node, 'axis', 0), data.shape.length) === channels.axis) throw tracker.refusal(node);
  chooseIndices(tracker, node, indices, channels);
  tracker.follow(node, channels);
}

/** The data of a node (input 0) and its updates (input 2), whose channels lie `moved` axes later, have the same channels. */
function meet(
  tracker: ChannelTracker,
  node: Node,
  whole: Channels | undefined,
  pieces: Channels | undefined,
  moved: number,
): void {
  const channels = whole ?? pieces;
  if (!channels) throw tracker.refusal(node);
  if (whole && pieces) {
    if (whole.axis !== pieces.axis) throw tracker.refusal(node);
    tracker.tie(node, whole.parts, pieces.parts);
  } else if (whole) tracker.narrow(node, 2, whole.axis + moved, whole.parts);
  else tracker.narrow(node, 0, channels.axis, channels.parts);
  tracker.follow(node, channels);
}

/** Of the places (input 1) those of the channels that remain, whether they are the same for all samples or not. */
function chooseIndices(tracker: ChannelTracker, node: Node, indices: Value, { axis, parts }: Channels): void {
  const own = tracker.channelsOf(indices);
  if (own && own.axis !== axis) throw tracker.refusal(node);
  if (own) tracker.tie(node, own.parts, parts);
  else if (indices.shape[axis] === positionCount(parts)) tracker.select(node, 1, axis, parts);
  else throw tracker.refusal(node);
}
