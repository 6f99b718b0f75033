import { DistilleryError } from '../../errors.ts';
import { intOf, intsOf } from '../../onnx/attributes.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Node } from '../../onnx/node.ts';
import { ChannelSpace, positionCount } from './channelSpace.ts';
import { ChannelTracker, keyOf } from './channelTracker.ts';
import {
  followConstantOfShape,
  followExpand,
  followGather,
  followReshape,
  followResize,
  followShape,
  followSlice,
  followSplit,
} from './arrangedChannels.ts';
import { followDepthToSpace } from './dividedChannels.ts';
import { followEinsum } from './einsumLayers.ts';
import { followGroupNormalization, followLayerNormalization, followPerAxis } from './normalizedChannels.ts';
import { recurrentFollowers } from './recurrentLayers.ts';
import { followGatherElements, followScatterElements, followScatterND } from './scatteredChannels.ts';
import {
  followConvolution,
  followEmbedding,
  followGemm,
  followMatMul,
  followTransposedConvolution,
} from './weightedLayers.ts';

type Follower = (tracker: ChannelTracker, node: Node) => void;

/**
 * Follows the channels of every layer through a graph: which channels each weight has along its axes, and which of them
 * have to be the same. Inputs and outputs of the graph are left alone, and so is what a node reads through which channels
 * cannot be followed; see `keepers`.
 */
export function followChannels(graph: Graph): ChannelTracker {
  const tracker = new ChannelTracker(graph);
  for (const node of graph.nodes) {
    // Of a permutation all was said at its first node.
    if (tracker.shuffles.has(keyOf(node))) continue;
    const follower = followers.get(node.domain === '' ? node.operator : `${node.domain}.${node.operator}`);
    const isPerSample = node.inputs.some((input) => tracker.channelsOf(input)?.isPerSample);
    try {
      if (isPerSample && !perSample.has(node.operator)) tracker.keep(node);
      else if (follower) follower(tracker, node);
      else if (node.inputs.some((input) => tracker.channelsOf(input))) tracker.keep(node);
    } catch (error) {
      if (!(error instanceof DistilleryError) || error.code !== 'UNSUPPORTED') throw error;
      tracker.keep(node);
    }
  }
  for (const output of graph.outputs) for (const { space } of tracker.channelsOf(output)?.parts ?? []) space.fix();
  tracker.keepSharedWeights();
  return tracker;
}

/** Operators that treat every element alike; their other inputs are broadcast. */
function followElements(tracker: ChannelTracker, node: Node): void {
  const followed = node.inputs.flatMap((input) => {
    const channels = tracker.channelsOf(input);
    if (!input || !channels) return [];
    const fromEnd = input.shape.length - channels.axis;
    return [{ fromEnd, width: positionCount(channels.parts), ...channels }];
  });
  const width = Math.max(...followed.map((each) => each.width));
  const [first, ...others] = followed.filter((each) => each.width === width);
  if (!first) return;
  for (const other of others) {
    if (other.fromEnd !== first.fromEnd || other.isPerSample !== first.isPerSample) throw tracker.refusal(node);
    tracker.tie(node, first.parts, other.parts);
  }
  // A single channel that acts on all.
  for (const single of followed.filter((each) => each.width < width)) {
    if (single.width !== 1 || single.fromEnd !== first.fromEnd) throw tracker.refusal(node);
    for (const { space } of single.parts) space.fix();
  }
  for (const [index, input] of node.inputs.entries()) {
    if (!input || tracker.channelsOf(input)) continue;
    const axis = input.shape.length - first.fromEnd;
    if (axis < 0 || input.shape[axis] === 1) continue;
    if (first.isPerSample) throw tracker.refusal(node);
    if (tracker.isConstant(input)) tracker.narrow(node, index, axis, first.parts);
    else for (const { space } of first.parts) space.fix();
  }
  const rank = node.outputs[0]?.shape.length ?? 0;
  const { parts, isPerSample = false } = first;
  tracker.follow(node, { axis: rank - first.fromEnd, parts, ...(isPerSample && { isPerSample }) });
}

function followNormalization(tracker: ChannelTracker, node: Node): void {
  const channels = tracker.channelsOf(node.inputs[0]);
  if (!channels) return;
  // Channels that lie within what is normalised, as those of a single group do: of the others the mean is taken.
  if (node.operator === 'InstanceNormalization' && channels.axis > 1) {
    tracker.follow(node, channels);
    return;
  }
  if (channels.axis !== 1) throw tracker.refusal(node);
  for (const index of node.inputs.keys()) if (index > 0) tracker.narrow(node, index, 0, channels.parts);
  tracker.follow(node, channels);
}

/** Pools work on every channel by itself. */
function followPool(tracker: ChannelTracker, node: Node): void {
  const channels = tracker.channelsOf(node.inputs[0]);
  if (!channels) return;
  if (channels.axis !== 1) throw tracker.refusal(node);
  tracker.follow(node, channels);
}

function followReduction(tracker: ChannelTracker, node: Node): void {
  const [input, axesInput] = node.inputs;
  const channels = tracker.channelsOf(input);
  if (!input || !channels) return;
  const rank = input.shape.length;
  const axes = tracker.integersOf(node, axesInput)?.map((axis) => (axis + rank) % rank) ?? [];
  if (axes.length === 0) throw tracker.refusal(node);
  // The mean over the channels, as in a normalisation that is written out, is one over those that remain; sums and norms are as if the others were 0.
  if (axes.includes(channels.axis)) return;
  const removed = intOf(node, 'keepdims', 1) === 1 ? 0 : axes.filter((axis) => axis < channels.axis).length;
  tracker.follow(node, { ...channels, axis: channels.axis - removed });
}

function followTranspose(tracker: ChannelTracker, node: Node): void {
  const [input] = node.inputs;
  const order = intsOf(node, 'perm') ?? input?.shape.map((_, place) => place).reverse() ?? [];
  const weight = tracker.weightOf(input);
  if (weight) tracker.transpose(node, weight, order);
  const channels = tracker.channelsOf(input);
  if (!channels) return;
  const axis = order.indexOf(channels.axis);
  tracker.follow(node, { ...channels, axis });
}

/** Slices that are picked by their places along the axes before the channels. */
function followGatherND(tracker: ChannelTracker, node: Node): void {
  const [data, indices] = node.inputs;
  const channels = tracker.channelsOf(data);
  if (!channels) return;
  const depth = indices?.shape.at(-1);
  const named = intOf(node, 'batch_dims', 0) + (typeof depth === 'number' ? depth : Infinity);
  if (!indices || channels.axis < named) throw tracker.refusal(node);
  tracker.follow(node, { ...channels, axis: indices.shape.length - 1 + channels.axis - named });
}

function followConcat(tracker: ChannelTracker, node: Node): void {
  const inputs = node.inputs.flatMap((input) => (input ? [input] : []));
  const [first] = inputs.flatMap((input) => tracker.channelsOf(input) ?? []);
  if (!first) return;
  const rank = inputs[0]?.shape.length ?? 0;
  const axis = (intOf(node, 'axis', 0) + rank) % rank;
  if (axis !== first.axis) {
    for (const [index, input] of node.inputs.entries()) {
      const channels = tracker.channelsOf(input);
      if (channels && channels.axis !== first.axis) throw tracker.refusal(node);
      if (channels) tracker.tie(node, first.parts, channels.parts);
      else tracker.narrow(node, index, first.axis, first.parts);
    }
    tracker.follow(node, first);
    return;
  }
  const parts = inputs.flatMap((input) => {
    const channels = tracker.channelsOf(input);
    if (channels) {
      if (channels.axis !== axis) throw tracker.refusal(node);
      return channels.parts;
    }
    const whole = new ChannelSpace(Number(input.shape[axis]));
    whole.fix();
    return [{ space: whole, spread: 1 }];
  });
  tracker.follow(node, { axis, parts });
}

const elementwise = [
  ...[
    'Abs',
    'Add',
    'Cast',
    'Celu',
    'Clip',
    'Div',
    'IsInf',
    'IsNaN',
    'Not',
    'Dropout',
    'Elu',
    'Erf',
    'Exp',
    'Gelu',
    'HardSigmoid',
    'HardSwish',
  ],
  ...['Identity', 'LeakyRelu', 'Log', 'Max', 'Mean', 'Min', 'Mish', 'Mul', 'Neg', 'PRelu', 'Pow', 'Reciprocal', 'Relu'],
  ...['Selu', 'Sigmoid', 'Softplus', 'Softsign', 'Sqrt', 'Sub', 'Sum', 'Swish', 'Tanh', 'ThresholdedRelu'],
  ...[
    'Acos',
    'Acosh',
    'Asin',
    'Asinh',
    'Atan',
    'Atanh',
    'Ceil',
    'Cos',
    'Cosh',
    'Floor',
    'Round',
    'Sign',
    'Sin',
    'Sinh',
    'Tan',
  ],
  ...['And', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Or', 'Xor'],
  'Where',
  ...['com.microsoft.Gelu', 'com.microsoft.QuickGelu'],
];

/** What follows channels that stand once for every sample. */
const perSample = new Set([...elementwise, 'MatMul', 'Reshape', 'Softmax', 'Transpose']);

const followers: ReadonlyMap<string, Follower> = new Map<string, Follower>([
  ...elementwise.map((operator) => [operator, followElements] as const),
  ...['AveragePool', 'GlobalAveragePool', 'GlobalMaxPool', 'LpPool', 'MaxPool'].map(
    (operator) => [operator, followPool] as const,
  ),
  ...['ReduceL1', 'ReduceL2', 'ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceSum', 'ReduceSumSquare'].map(
    (operator) => [operator, followReduction] as const,
  ),
  ...['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze'].map((operator) => [operator, followReshape] as const),
  ...['Softmax', 'LogSoftmax', 'CumSum'].map((operator) => [operator, followPerAxis] as const),
  ...recurrentFollowers,
  [
    'CastLike',
    (tracker, node) => {
      followElements(tracker, { ...node, inputs: node.inputs.slice(0, 1) });
    },
  ],
  ['BatchNormalization', followNormalization],
  ['InstanceNormalization', followNormalization],
  ['Concat', followConcat],
  ['Conv', followConvolution],
  ['ConvTranspose', followTransposedConvolution],
  [
    'Gather',
    (tracker, node) => {
      (tracker.channelsOf(node.inputs[0]) ? followGather : followEmbedding)(tracker, node);
    },
  ],
  ['ConstantOfShape', followConstantOfShape],
  ['DepthToSpace', followDepthToSpace],
  ['Einsum', followEinsum],
  ['Expand', followExpand],
  ['GatherElements', followGatherElements],
  ['GatherND', followGatherND],
  ['Gemm', followGemm],
  ['GroupNormalization', followGroupNormalization],
  ['LayerNormalization', followLayerNormalization],
  ['MatMul', followMatMul],
  ['Pad', followResize],
  ['RMSNormalization', followLayerNormalization],
  ['SimplifiedLayerNormalization', followLayerNormalization],
  [
    'com.microsoft.FusedMatMul',
    (tracker, node) => {
      const isTurned = ['transA', 'transB', 'transBatchA', 'transBatchB'].some((name) => intOf(node, name, 0) === 1);
      if (isTurned) throw tracker.refusal(node);
      followMatMul(tracker, node);
    },
  ],
  ['Resize', followResize],
  ['ScatterElements', followScatterElements],
  ['ScatterND', followScatterND],
  ['Shape', followShape],
  ['Slice', followSlice],
  ['Split', followSplit],
  ['Transpose', followTranspose],
]);
