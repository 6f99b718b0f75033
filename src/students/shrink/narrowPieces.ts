import { intOf } from '../../onnx/attributes.ts';
import { int, type Graph, type NodeOptions } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { positiveAxis } from '../../onnx/shapes/rule.ts';
import { sliceOfChannels } from './arrangedChannels.ts';
import { channelsAlong, keptPositions, type Channel, type Channels, type Keeps } from './channelSpace.ts';
import type { ChannelShuffle, ChannelTracker } from './channelTracker.ts';

type Inputs = readonly (Value | undefined)[];

/** What takes some of the channels by their places: `channels` are those that it read before. Undefined where it takes pieces along another axis. */
export function narrowPieces(
  target: Graph,
  tracker: ChannelTracker,
  keeps: Keeps,
  node: Node,
  inputs: Inputs,
  { channels, options }: { readonly channels: Channels; readonly options: NodeOptions },
): Inputs | undefined {
  const along = channelsAlong(channels.parts);
  switch (node.operator) {
    case 'Slice':
      return narrowSlice(target, tracker, keeps, node, inputs, { along, channels, options });
    case 'Gather': {
      if (positiveAxis(intOf(node, 'axis', 0), node.inputs[0]?.shape.length ?? 0) !== channels.axis) return undefined;
      const wanted = tracker.integersOf(node, node.inputs[1]) ?? [];
      const order = wanted.map((index) => (index < 0 ? index + along.length : index));
      const indices = target.integers(placesAmongKept(along, order, keeps));
      return target.node('Gather', [inputs[0], indices], options);
    }
    case 'Split': {
      if (positiveAxis(intOf(node, 'axis', 0), node.inputs[0]?.shape.length ?? 0) !== channels.axis) return undefined;
      const sizes = node.outputs.map((output) => {
        const piece = tracker.channelsOf(output);
        return piece ? keptPositions(piece.parts, keeps).length : 0;
      });
      const attributes = { axis: int(channels.axis) };
      return target.node('Split', [inputs[0], target.integers(sizes)], { ...options, attributes });
    }
    default:
      return undefined;
  }
}

function narrowSlice(
  target: Graph,
  tracker: ChannelTracker,
  keeps: Keeps,
  node: Node,
  inputs: Inputs,
  {
    along,
    channels: { axis },
    options,
  }: { readonly along: readonly Channel[]; readonly channels: Channels; readonly options: NodeOptions },
): Inputs | undefined {
  const place = sliceOfChannels(tracker, node, axis);
  const size = node.outputs[0]?.shape[axis];
  if (!place || typeof size !== 'number') return undefined;
  const first = place.start < 0 ? Math.max(0, place.start + along.length) : place.start;
  const before = along.slice(0, first).filter(keeps).length;
  const kept = along.slice(first, first + size).filter(keeps).length;
  const [starts, ends] = [1, 2].map((index) => tracker.integersOf(node, node.inputs[index]) ?? []);
  const changed = (list: readonly number[] | undefined, entry: number): Value =>
    target.integers((list ?? []).map((old, index) => (index === place.index ? entry : old)));
  const [data, , , ...rest] = inputs;
  return target.node('Slice', [data, changed(starts, before), changed(ends, before + kept), ...rest], options);
}

/** A permutation of channels as one node; before its last one nothing is done. */
export function narrowShuffle(
  target: Graph,
  keeps: Keeps,
  input: Value,
  { axis, order, parts, isLast }: ChannelShuffle,
  { name, outputs }: NodeOptions,
): Inputs {
  if (!isLast) return [input];
  const indices = target.integers(placesAmongKept(channelsAlong(parts), order, keeps));
  return target.node('Gather', [input, indices], {
    ...(name !== undefined && { name }),
    ...(outputs && { outputs }),
    attributes: { axis: int(axis) },
  });
}

/** Of the channels at `order` those that remain: where they lie among what remains of `along`. */
function placesAmongKept(along: readonly Channel[], order: readonly number[], keeps: Keeps): number[] {
  let count = 0;
  const places = along.map((channel) => (keeps(channel) ? count++ : undefined));
  return order.flatMap((index) => places[index] ?? []);
}
