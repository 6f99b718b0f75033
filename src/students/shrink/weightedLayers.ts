import { intOf } from '../../onnx/attributes.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { channelsAlong, ChannelSpace, joinAround, onePart, type Part } from './channelSpace.ts';
import type { ChannelTracker } from './channelTracker.ts';

/** Cuts the axis of a weight along which a node reads channels; all of it stays where these are not known. */
function read(
  tracker: ChannelTracker,
  node: Node,
  weight: Value,
  axis: number,
  parts: readonly Part[] | undefined,
): void {
  if (parts) tracker.cut(node, weight, axis, parts);
  else tracker.whole(node, weight, axis);
}

/**
 * A convolution with kernel [M, C / groups, …]: its filters make new channels. A depthwise one keeps those of its input;
 * in several groups the channels at the same place of every group are kept or dropped together.
 */
export function followConvolution(tracker: ChannelTracker, node: Node): void {
  const [input, kernel, bias] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!input || !tracker.isWeight(kernel)) {
    if (channels) throw tracker.refusal(node);
    return;
  }
  if (channels && channels.axis !== 1) throw tracker.refusal(node);
  const groups = intOf(node, 'group', 1);
  const outputChannels = Number(kernel.shape[0]);
  let parts: readonly Part[];
  if (groups === 1) {
    read(tracker, node, kernel, 1, channels?.parts);
    parts = [{ space: tracker.produce(node, kernel, 0), spread: 1 }];
  } else if (groups === input.shape[1]) {
    if (!channels) {
      tracker.whole(node, kernel, 0);
      return;
    }
    const multiplier = outputChannels / groups;
    parts = channels.parts.map(({ space, spread }) => ({ space, spread: spread * multiplier }));
  } else {
    const size = Number(kernel.shape[1]);
    const inGroup = channels && onePart(joinAround(channelsAlong(channels.parts), { before: groups, size, behind: 1 }));
    read(tracker, node, kernel, 1, inGroup);
    const space = tracker.produce(node, kernel, 0);
    joinAround(space.channels, { before: groups, size: outputChannels / groups, behind: 1 });
    parts = [{ space, spread: 1 }];
  }
  tracker.cut(node, kernel, 0, parts);
  if (bias) tracker.narrow(node, 2, 0, parts);
  tracker.follow(node, { axis: 1, parts });
}

/** x [B, K] · w [K, N] + bias: the columns of w make new channels. */
export function followGemm(tracker: ChannelTracker, node: Node): void {
  const [input, matrix, bias] = node.inputs;
  const channels = tracker.channelsOf(input);
  const transposed = intOf(node, 'transB', 0) === 1;
  if (!matrix || !tracker.weightOf(matrix) || intOf(node, 'transA', 0) === 1) {
    if ([input, matrix, bias].some((value) => tracker.channelsOf(value))) throw tracker.refusal(node);
    return;
  }
  if (channels && channels.axis !== 1) throw tracker.refusal(node);
  readOrNarrow(tracker, node, matrix, transposed ? 1 : 0);
  const axis = transposed ? 0 : 1;
  const parts = [{ space: tracker.produce(node, matrix, axis), spread: 1 }];
  tracker.cut(node, matrix, axis, parts);
  const width = bias?.shape.at(-1);
  if (bias && width !== undefined && width !== 1) tracker.narrow(node, 2, bias.shape.length - 1, parts);
  tracker.follow(node, { axis: 1, parts });
}

/** What a node reads first and multiplies by a matrix: channels, or a constant, such as the zeros before the first step of a sequence. */
function readOrNarrow(tracker: ChannelTracker, node: Node, matrix: Value, axis: number): void {
  const [input] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (channels || !input || !tracker.isConstant(input)) {
    read(tracker, node, matrix, axis, channels?.parts);
    return;
  }
  const parts = [{ space: new ChannelSpace(Number(matrix.shape[axis])), spread: 1 }];
  tracker.narrow(node, 0, input.shape.length - 1, parts);
  tracker.cut(node, matrix, axis, parts);
}

/** x [..., K] · w [K, N]: the columns of w make new channels. Channels in the rows of x stay where they are. */
export function followMatMul(tracker: ChannelTracker, node: Node): void {
  const [input, matrix] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!input || !matrix) return;
  // The matrix of a formula, such as a Fourier transform, has no columns that could go.
  if (!tracker.weightOf(matrix) || tracker.graph.isConstant(matrix.name) || matrix.shape.length !== 2) {
    if (channels || tracker.channelsOf(matrix)) followProduct(tracker, node, input, matrix);
    return;
  }
  const last = input.shape.length - 1;
  if (channels && channels.axis !== last) {
    for (const axis of [0, 1]) tracker.whole(node, matrix, axis);
    tracker.follow(node, channels);
    return;
  }
  readOrNarrow(tracker, node, matrix, 0);
  const parts = [{ space: tracker.produce(node, matrix, 1), spread: 1 }];
  tracker.cut(node, matrix, 1, parts);
  tracker.follow(node, { axis: last, parts });
}

/** a [..., M, K] · b [..., K, N], neither a weight: what is multiplied over has the same channels on both sides, and so have heads. */
function followProduct(tracker: ChannelTracker, node: Node, a: Value, b: Value): void {
  const [left, right] = [tracker.channelsOf(a), tracker.channelsOf(b)];
  const rank = node.outputs[0]?.shape.length ?? 0;
  if (a.shape.length !== rank || b.shape.length !== rank || rank < 2) throw tracker.refusal(node);
  const [rows, columns] = [rank - 2, rank - 1];
  if (left?.axis === columns || right?.axis === rows) {
    if (left?.axis !== columns || right?.axis !== rows) throw tracker.refusal(node);
    tracker.tie(node, left.parts, right.parts);
    return;
  }
  const isHeads = (axis: number | undefined): boolean => axis !== undefined && axis < rows;
  if (isHeads(left?.axis) || isHeads(right?.axis)) {
    const known = left ?? right;
    if (!known) return;
    if (left && right) {
      if (left.axis !== right.axis || left.isPerSample !== right.isPerSample) throw tracker.refusal(node);
      tracker.tie(node, left.parts, right.parts);
    } else {
      const index = left ? 1 : 0;
      const other = left ? b : a;
      if (known.isPerSample) throw tracker.refusal(node);
      if (other.shape[known.axis] !== 1) tracker.narrow(node, index, known.axis, known.parts);
    }
    tracker.follow(node, known);
    return;
  }
  if (left && right) throw tracker.refusal(node);
  const only = left ?? right;
  if (only) tracker.follow(node, only);
}

/** A transposed convolution in one group, with kernel [C, M, …]. */
export function followTransposedConvolution(tracker: ChannelTracker, node: Node): void {
  const [input, kernel, bias] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!tracker.isWeight(kernel) || intOf(node, 'group', 1) !== 1 || (channels && channels.axis !== 1)) {
    throw tracker.refusal(node);
  }
  read(tracker, node, kernel, 0, channels?.parts);
  const parts = [{ space: tracker.produce(node, kernel, 1), spread: 1 }];
  tracker.cut(node, kernel, 1, parts);
  if (bias) tracker.narrow(node, 2, 0, parts);
  tracker.follow(node, { axis: 1, parts });
}

/** A table [entries, D] in which entries are looked up: its columns make new channels. */
export function followEmbedding(tracker: ChannelTracker, node: Node): void {
  const [table, indices] = node.inputs;
  if (!tracker.isWeight(table) || !indices || table.shape.length !== 2 || intOf(node, 'axis', 0) !== 0) return;
  tracker.whole(node, table, 0);
  const parts = [{ space: tracker.produce(node, table, 1), spread: 1 }];
  tracker.cut(node, table, 1, parts);
  tracker.follow(node, { axis: indices.shape.length, parts });
}
