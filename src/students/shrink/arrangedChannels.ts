import { intOf } from '../../onnx/attributes.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { positiveAxis } from '../../onnx/shapes/rule.ts';
import { channelsAlong, onePart, positionCount, type Part } from './channelSpace.ts';
import type { ChannelTracker } from './channelTracker.ts';
import { followDivision } from './dividedChannels.ts';
import { placeAfter, placeBesideSamples, placeWithSamples } from './reshapedAxes.ts';

/** Whatever divides or joins axes: that of the channels stays whole, alone or joined with others, as in flattening, or is divided itself. */
export function followReshape(tracker: ChannelTracker, node: Node): void {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const channels = tracker.channelsOf(input);
  if (!input || !output || !channels) return;
  if (channels.isPerSample) {
    const back = placeBesideSamples(input.shape, channels.axis, positionCount(channels.parts), output.shape);
    if (!back) throw tracker.refusal(node);
    const parts = channels.parts.map(({ space, spread }) => ({ space, spread: spread * back.behind }));
    tracker.follow(node, { axis: back.axis, parts });
    return;
  }
  const place = placeAfter(input.shape, channels.axis, output.shape);
  if (!place) {
    const axis = placeWithSamples(input.shape, channels.axis, output.shape);
    if (axis === undefined) followDivision(tracker, node);
    else tracker.follow(node, { ...channels, axis, isPerSample: true });
    return;
  }
  const { axis, before, behind } = place;
  const once = channels.parts.map(({ space, spread }): Part => ({ space, spread: spread * behind }));
  const parts = Array.from({ length: before }, () => once).flat();
  if (positionCount(parts) !== output.shape[axis]) throw tracker.refusal(node);
  tracker.follow(node, { axis, parts });
}

/** Padding and resizing of other axes than that of the channels. */
export function followResize(tracker: ChannelTracker, node: Node): void {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const channels = tracker.channelsOf(input);
  if (!input || !output || !channels) return;
  if (input.shape[channels.axis] !== output.shape[channels.axis]) throw tracker.refusal(node);
  // Sizes of all axes would have to be written anew.
  if (node.operator === 'Resize' && node.inputs[3] && node.attributes['axes'] === undefined)
    throw tracker.refusal(node);
  tracker.follow(node, channels);
}

/** Whole channels from one to another, or a piece along other axes. */
export function followSlice(tracker: ChannelTracker, node: Node): void {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const channels = tracker.channelsOf(input);
  if (!input || !output || !channels) return;
  const place = sliceOfChannels(tracker, node, channels.axis);
  if (!place) {
    tracker.follow(node, channels);
    return;
  }
  const size = output.shape[channels.axis];
  if (place.step !== 1 || typeof size !== 'number') throw tracker.refusal(node);
  const along = channelsAlong(channels.parts);
  const first = place.start < 0 ? Math.max(0, place.start + along.length) : Math.min(place.start, along.length);
  tracker.follow(node, { axis: channels.axis, parts: onePart(along.slice(first, first + size)) });
}

/** Where a slice begins along the axis of the channels, and which of its axes that is; undefined where it takes all of them. */
export function sliceOfChannels(
  tracker: ChannelTracker,
  node: Node,
  axis: number,
): { readonly start: number; readonly step: number; readonly index: number } | undefined {
  const [input] = node.inputs;
  const [output] = node.outputs;
  if (!input) return undefined;
  const axes = tracker.integersOf(node, node.inputs[3]) ?? input.shape.map((_, each) => each);
  const index = axes.map((each) => positiveAxis(each, input.shape.length)).indexOf(axis);
  if (index < 0) return undefined;
  const step = tracker.integersOf(node, node.inputs[4])?.[index] ?? 1;
  if (step === 1 && output?.shape[axis] === input.shape[axis]) return undefined;
  return { start: tracker.integersOf(node, node.inputs[1])?.[index] ?? 0, step, index };
}

/** Entries of another axis than that of the channels, or channels in another order. */
export function followGather(tracker: ChannelTracker, node: Node): void {
  const [input, indices] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!input || !indices || !channels) return;
  const axis = positiveAxis(intOf(node, 'axis', 0), input.shape.length);
  if (axis === channels.axis) {
    const along = channelsAlong(channels.parts);
    const wanted = indices.shape.length === 1 ? tracker.integersOf(node, indices) : undefined;
    const chosen = wanted?.map((index) => along[index < 0 ? index + along.length : index]);
    if (!chosen?.every((channel) => channel !== undefined)) throw tracker.refusal(node);
    tracker.follow(node, { axis, parts: onePart(chosen) });
    return;
  }
  const moved = channels.axis > axis ? channels.axis - 1 + indices.shape.length : channels.axis;
  tracker.follow(node, { ...channels, axis: moved });
}

/** Pieces along another axis, or of whole channels. */
export function followSplit(tracker: ChannelTracker, node: Node): void {
  const [input] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!input || !channels) return;
  const isOfChannels = positiveAxis(intOf(node, 'axis', 0), input.shape.length) === channels.axis;
  const along = channelsAlong(channels.parts);
  let first = 0;
  for (const [index, output] of node.outputs.entries()) {
    const size = Number(output?.shape[channels.axis] ?? Number.NaN);
    if (isOfChannels && Number.isNaN(size)) throw tracker.refusal(node);
    const piece = isOfChannels ? { ...channels, parts: onePart(along.slice(first, first + size)) } : channels;
    tracker.follow(node, piece, index);
    first += size;
  }
}

/** The shape of a value: what is made in it has the channels of the value, too. */
export function followShape(tracker: ChannelTracker, node: Node): void {
  const channels = tracker.channelsOf(node.inputs[0]);
  const [output] = node.outputs;
  const isWhole = node.attributes['end'] === undefined && intOf(node, 'start', 0) === 0;
  if (channels && output && isWhole) tracker.shapes.set(output.name, channels);
}

/** A number, or numbers beside the channels, in the shape of a value. */
function followFilling(
  tracker: ChannelTracker,
  node: Node,
  filling: Value | undefined,
  shape: Value | undefined,
): void {
  const channels = tracker.shapes.get(shape?.name ?? '');
  const [output] = node.outputs;
  if (!channels || !output || channels.isPerSample) return;
  const own = filling?.shape[channels.axis - output.shape.length + filling.shape.length] ?? 1;
  if (own === 1) tracker.follow(node, channels);
}

/** One number in a shape. */
export function followConstantOfShape(tracker: ChannelTracker, node: Node): void {
  followFilling(tracker, node, undefined, node.inputs[0]);
}

/** A value that is repeated along other axes; along that of the channels it has to have them all. */
export function followExpand(tracker: ChannelTracker, node: Node): void {
  const [input, shape] = node.inputs;
  const [output] = node.outputs;
  const channels = tracker.channelsOf(input);
  if (!channels) followFilling(tracker, node, input, shape);
  if (!input || !output || !channels) return;
  const axis = channels.axis + output.shape.length - input.shape.length;
  if (output.shape[axis] !== input.shape[channels.axis]) throw tracker.refusal(node);
  tracker.follow(node, { ...channels, axis });
}
