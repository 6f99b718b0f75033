import { intOf, intsOf, textOf } from '../../onnx/attributes.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { productOf } from '../../onnx/shapes/rule.ts';
import { channelsAlong, joinAround, onePart } from './channelSpace.ts';
import { keyOf, type ChannelTracker } from './channelTracker.ts';
import { areAsMany, piecesAfter, placeAmongSamples } from './reshapedAxes.ts';

/**
 * A reshape that divides the axis of the channels, as for the heads of an attention: along one of the axes that it becomes channels are kept or dropped,
 * for all places of the others. One that only begins a permutation of the channels is left to that.
 *
 * @throws DistilleryError when it does something else
 */
export function followDivision(tracker: ChannelTracker, node: Node): void {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const channels = tracker.channelsOf(input);
  if (!input || !output || !channels) throw tracker.refusal(node);
  const found = piecesAfter(input.shape, channels.axis, output.shape);
  if (!found) {
    const joined = placeAmongSamples(input.shape, channels.axis, output.shape);
    if (!joined) throw tracker.refusal(node);
    const heads = joinAround(channelsAlong(channels.parts), { before: 1, ...joined });
    tracker.follow(node, { axis: joined.axis, parts: onePart(heads), isPerSample: true });
    return;
  }
  if (!found.isJoined && followShuffle(tracker, node, found.first, found.sizes)) return;
  const chosen = found.isJoined ? 0 : chooseAxis(found.sizes);
  const [before, behind] = [found.sizes.slice(0, chosen), found.sizes.slice(chosen + 1)].map(
    (sizes) => productOf(sizes) ?? 1,
  );
  const size = found.sizes[chosen] ?? 1;
  const along = joinAround(channelsAlong(channels.parts), { before: before ?? 1, size, behind: behind ?? 1 });
  tracker.follow(node, { axis: found.first + chosen, parts: onePart(along) });
}

/** Of axes such as [heads, width] and [3, heads, width] the heads; of [3, channels] the channels. */
function chooseAxis(sizes: readonly number[]): number {
  const [first = 1, second = 1] = sizes;
  const isOfThree = sizes.length > 2 && first === 3;
  return isOfThree || (first <= 3 && second > first) ? 1 : 0;
}

/** Channels that are divided, turned and joined again only change places, whatever is dropped of them. */
function followShuffle(tracker: ChannelTracker, node: Node, first: number, sizes: readonly number[]): boolean {
  const [input] = node.inputs;
  const channels = tracker.channelsOf(input);
  const turn = tracker.onlyReader(node);
  const join = turn?.operator === 'Transpose' ? tracker.onlyReader(turn) : undefined;
  if (!input || !channels || !turn || join?.operator !== 'Reshape') return false;
  const [joined] = join.outputs;
  const order = intsOf(turn, 'perm');
  const moved = order?.slice(first, first + sizes.length).map((axis) => axis - first);
  const staysElsewhere = order?.every(
    (axis, place) => axis === place || (place >= first && place < first + sizes.length),
  );
  if (!order || !moved || !staysElsewhere || !joined || !isAlike(joined, input, channels.axis)) return false;
  const along = channelsAlong(channels.parts);
  const places = permuted(sizes, moved);
  for (const each of [node, turn, join]) {
    tracker.shuffles.set(keyOf(each), {
      isLast: each === join,
      axis: channels.axis,
      order: places,
      parts: channels.parts,
    });
  }
  const after = places.flatMap((place) => along[place] ?? []);
  tracker.follow(join, { axis: channels.axis, parts: onePart(after) });
  return true;
}

function isAlike({ shape }: Value, before: Value, axis: number): boolean {
  return (
    shape.length === before.shape.length &&
    shape[axis] === before.shape[axis] &&
    areAsMany(shape.slice(axis + 1), before.shape.slice(axis + 1))
  );
}

/** Where each element of a transposed array was before. */
function permuted(sizes: readonly number[], order: readonly number[]): number[] {
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, 1));
  return order.reduce<number[]>(
    (places, axis) =>
      places.flatMap((place) =>
        Array.from({ length: sizes[axis] ?? 1 }, (_, index) => place + index * (strides[axis] ?? 1)),
      ),
    [0],
  );
}

/** Groups of channels that become pixels: as many of each remain. */
export function followDepthToSpace(tracker: ChannelTracker, node: Node): void {
  const channels = tracker.channelsOf(node.inputs[0]);
  if (!channels) return;
  const pixels = intOf(node, 'blocksize', 1) ** 2;
  const along = channelsAlong(channels.parts);
  const size = along.length / pixels;
  const isColumns = textOf(node, 'mode', 'DCR') === 'CRD';
  const kept = joinAround(along, isColumns ? { before: 1, size, behind: pixels } : { before: pixels, size, behind: 1 });
  tracker.follow(node, { axis: 1, parts: onePart(kept) });
}
