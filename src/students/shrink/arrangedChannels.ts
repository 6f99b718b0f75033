import { intOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/node.ts';
import { positiveAxis, productOf } from '../../onnx/shapes/rule.ts';
import type { Shape } from '../../onnx/tensor.ts';
import { positionCount, type Part } from './channelSpace.ts';
import type { ChannelTracker } from './channelTracker.ts';

/** Whatever divides or joins axes and leaves the axis of the channels whole, alone or joined with others, as flattening does. */
export function followReshape(tracker: ChannelTracker, node: Node): void {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const channels = tracker.channelsOf(input);
  if (!input || !output || !channels) return;
  const place = placeAfter(input.shape, channels.axis, output.shape);
  if (!place) throw tracker.refusal(node);
  const { axis, before, behind } = place;
  const once = channels.parts.map(({ space, spread }): Part => ({ space, spread: spread * behind }));
  const parts = Array.from({ length: before }, () => once).flat();
  if (positionCount(parts) !== output.shape[axis]) throw tracker.refusal(node);
  tracker.follow(node, { axis, parts });
}

/**
 * Where axis `at` of a shape is after a reshape: on which axis, joined with how many positions before it and behind it.
 * Undefined where it is divided.
 */
function placeAfter(
  from: Shape,
  at: number,
  to: Shape,
): { readonly axis: number; readonly before: number; readonly behind: number } | undefined {
  for (let axis = to.length - 1; axis >= 0; axis--) {
    const size = to[axis];
    if (typeof size !== 'number') continue;
    for (let end = at + 1; end <= from.length; end++) {
      if (!areAsMany(from.slice(end), to.slice(axis + 1))) continue;
      for (let start = at; start >= 0; start--) {
        if (productOf(from.slice(start, end)) !== size) continue;
        return { axis, before: productOf(from.slice(start, at)) ?? 1, behind: productOf(from.slice(at + 1, end)) ?? 1 };
      }
    }
  }
  return undefined;
}

/** Whether two shapes have as many elements, as far as that can be seen. */
function areAsMany(one: Shape, other: Shape): boolean {
  const [product, wanted] = [productOf(one), productOf(other)];
  if (product !== undefined || wanted !== undefined) return product === wanted;
  const long = (shape: Shape): string => shape.filter((size) => size !== 1).join();
  return long(one) === long(other);
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

export function followSlice(tracker: ChannelTracker, node: Node): void {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const channels = tracker.channelsOf(input);
  if (!input || !output || !channels) return;
  const axes = tracker.integersOf(node, node.inputs[3]) ?? input.shape.map((_, axis) => axis);
  const listed = axes.map((axis) => positiveAxis(axis, input.shape.length));
  if (listed.includes(channels.axis) && output.shape[channels.axis] !== input.shape[channels.axis]) {
    throw tracker.refusal(node);
  }
  const steps = tracker.integersOf(node, node.inputs[4]);
  if (steps?.some((step, index) => listed[index] === channels.axis && step !== 1)) throw tracker.refusal(node);
  tracker.follow(node, channels);
}

/** Entries of another axis than that of the channels. */
export function followGather(tracker: ChannelTracker, node: Node): void {
  const [input, indices] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!input || !indices || !channels) return;
  const axis = positiveAxis(intOf(node, 'axis', 0), input.shape.length);
  if (axis === channels.axis) throw tracker.refusal(node);
  const moved = channels.axis > axis ? channels.axis - 1 + indices.shape.length : channels.axis;
  tracker.follow(node, { ...channels, axis: moved });
}

/** Pieces along another axis, or each of whole parts. */
export function followSplit(tracker: ChannelTracker, node: Node): void {
  const [input] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!input || !channels) return;
  if (positiveAxis(intOf(node, 'axis', 0), input.shape.length) === channels.axis) throw tracker.refusal(node);
  for (const index of node.outputs.keys()) tracker.follow(node, channels, index);
}
