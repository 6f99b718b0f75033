import { intOf } from '../../onnx/attributes.ts';
import type { Node } from '../../onnx/node.ts';
import type { Part } from './channelSpace.ts';
import type { ChannelTracker } from './channelTracker.ts';

/**
 * A convolution with kernel [M, C / groups, …]: its filters make new channels. A depthwise one keeps those of its input;
 * one of several groups keeps all of its channels.
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
    if (channels) tracker.cut(node, kernel, 1, channels.parts);
    parts = [{ space: tracker.produce(node, kernel, 0), spread: 1 }];
  } else if (groups === input.shape[1]) {
    if (!channels) return;
    const multiplier = outputChannels / groups;
    parts = channels.parts.map(({ space, spread }) => ({ space, spread: spread * multiplier }));
  } else {
    for (const { space } of channels?.parts ?? []) space.fix();
    return;
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
  if (!tracker.isWeight(matrix) || intOf(node, 'transA', 0) === 1) {
    if ([input, matrix, bias].some((value) => tracker.channelsOf(value))) throw tracker.refusal(node);
    return;
  }
  if (channels && channels.axis !== 1) throw tracker.refusal(node);
  if (channels) tracker.cut(node, matrix, transposed ? 1 : 0, channels.parts);
  const axis = transposed ? 0 : 1;
  const parts = [{ space: tracker.produce(node, matrix, axis), spread: 1 }];
  tracker.cut(node, matrix, axis, parts);
  const width = bias?.shape.at(-1);
  if (bias && width !== undefined && width !== 1) tracker.narrow(node, 2, bias.shape.length - 1, parts);
  tracker.follow(node, { axis: 1, parts });
}

/** x [..., K] · w [K, N]: the columns of w make new channels. */
export function followMatMul(tracker: ChannelTracker, node: Node): void {
  const [input, matrix] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!input || !tracker.isWeight(matrix) || matrix.shape.length !== 2) {
    if (channels || tracker.channelsOf(matrix)) throw tracker.refusal(node);
    return;
  }
  const last = input.shape.length - 1;
  if (channels && channels.axis !== last) throw tracker.refusal(node);
  if (channels) tracker.cut(node, matrix, 0, channels.parts);
  const parts = [{ space: tracker.produce(node, matrix, 1), spread: 1 }];
  tracker.cut(node, matrix, 1, parts);
  tracker.follow(node, { axis: last, parts });
}

/** A transposed convolution in one group, with kernel [C, M, …]. */
export function followTransposedConvolution(tracker: ChannelTracker, node: Node): void {
  const [input, kernel, bias] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!tracker.isWeight(kernel) || intOf(node, 'group', 1) !== 1 || (channels && channels.axis !== 1)) {
    throw tracker.refusal(node);
  }
  if (channels) tracker.cut(node, kernel, 0, channels.parts);
  const parts = [{ space: tracker.produce(node, kernel, 1), spread: 1 }];
  tracker.cut(node, kernel, 1, parts);
  if (bias) tracker.narrow(node, 2, 0, parts);
  tracker.follow(node, { axis: 1, parts });
}

/** A table [entries, D] in which entries are looked up: its columns make new channels. */
export function followEmbedding(tracker: ChannelTracker, node: Node): void {
  const [table, indices] = node.inputs;
  if (!tracker.isWeight(table) || !indices || table.shape.length !== 2 || intOf(node, 'axis', 0) !== 0) return;
  const parts = [{ space: tracker.produce(node, table, 1), spread: 1 }];
  tracker.cut(node, table, 1, parts);
  tracker.follow(node, { axis: indices.shape.length, parts });
}
