import { intOf, intsOf } from '../../onnx/attributes.ts';
import type { Graph, Node } from '../../onnx/graph.ts';
import { ChannelSpace, positionCount, type Part } from './channelSpace.ts';
import { ChannelTracker } from './channelTracker.ts';
import { followConvolution, followGemm, followMatMul } from './weightedLayers.ts';

type Follower = (tracker: ChannelTracker, node: Node) => void;

/**
 * Follows the channels of every layer through a graph: which channels each weight has along its axes, and which of them
 * have to be the same. Inputs and outputs of the graph are left alone.
 *
 * @throws DistilleryError `UNSUPPORTED` naming the first node through which channels cannot be followed
 */
export function followChannels(graph: Graph): ChannelTracker {
  const tracker = new ChannelTracker(graph);
  for (const node of graph.nodes) {
    const follower = followers.get(node.domain === '' ? node.operator : `${node.domain}.${node.operator}`);
    if (follower) follower(tracker, node);
    else if (node.inputs.some((input) => tracker.channelsOf(input))) throw tracker.refusal(node);
  }
  for (const output of graph.outputs) for (const { space } of tracker.channelsOf(output)?.parts ?? []) space.fix();
  tracker.checkUses();
  return tracker;
}

/** Operators that treat every element alike; their other inputs are broadcast. */
function followElements(tracker: ChannelTracker, node: Node): void {
  const inputs = node.inputs.flatMap((input) => (input ? [input] : []));
  const followed = inputs.flatMap((input) => {
    const channels = tracker.channelsOf(input);
    return channels ? [{ fromEnd: input.shape.length - channels.axis, parts: channels.parts }] : [];
  });
  const [first, ...others] = followed;
  if (!first) return;
  for (const other of others) {
    if (other.fromEnd !== first.fromEnd) throw tracker.refusal(node);
    tracker.tie(node, first.parts, other.parts);
  }
  for (const input of inputs) {
    if (tracker.channelsOf(input)) continue;
    const axis = input.shape.length - first.fromEnd;
    if (axis < 0 || input.shape[axis] === 1) continue;
    if (tracker.isWeight(input)) tracker.cut(node, input, axis, first.parts);
    else for (const { space } of first.parts) space.fix();
  }
  const rank = node.outputs[0]?.shape.length ?? 0;
  tracker.follow(node, { axis: rank - first.fromEnd, parts: first.parts });
}

function followNormalization(tracker: ChannelTracker, node: Node): void {
  const channels = tracker.channelsOf(node.inputs[0]);
  if (!channels) return;
  if (channels.axis !== 1) throw tracker.refusal(node);
  for (const input of node.inputs.slice(1)) if (input) tracker.cut(node, input, 0, channels.parts);
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
  if (axes.length === 0 || axes.includes(channels.axis)) throw tracker.refusal(node);
  const removed = intOf(node, 'keepdims', 1) === 1 ? 0 : axes.filter((axis) => axis < channels.axis).length;
  tracker.follow(node, { ...channels, axis: channels.axis - removed });
}

/** Whatever turns [B, C, …] into [B, C · …], or adds and removes dimensions of 1 behind the channels. */
function followFlattening(tracker: ChannelTracker, node: Node): void {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const channels = tracker.channelsOf(input);
  if (!input || !output || !channels) return;
  const [, width, ...rest] = output.shape;
  const inner = input.shape.slice(2).reduce<number>((product, size) => product * Number(size), 1);
  const kept = rest.every((size) => size === 1);
  if (channels.axis !== 1 || !kept || width !== positionCount(channels.parts) * inner) throw tracker.refusal(node);
  const parts = channels.parts.map(({ space, spread }): Part => ({ space, spread: spread * inner }));
  tracker.follow(node, { axis: 1, parts });
}

function followTranspose(tracker: ChannelTracker, node: Node): void {
  const channels = tracker.channelsOf(node.inputs[0]);
  if (!channels) return;
  const axis = intsOf(node, 'perm')?.indexOf(channels.axis);
  if (axis === undefined || axis < 0) throw tracker.refusal(node);
  tracker.follow(node, { ...channels, axis });
}

function followConcat(tracker: ChannelTracker, node: Node): void {
  const inputs = node.inputs.flatMap((input) => (input ? [input] : []));
  const [first] = inputs.flatMap((input) => tracker.channelsOf(input) ?? []);
  if (!first) return;
  const rank = inputs[0]?.shape.length ?? 0;
  const axis = (intOf(node, 'axis', 0) + rank) % rank;
  if (axis !== first.axis) throw tracker.refusal(node);
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
  ...['Abs', 'Add', 'Cast', 'Celu', 'Clip', 'Div', 'Dropout', 'Elu', 'Erf', 'Exp', 'Gelu', 'HardSigmoid', 'HardSwish'],
  ...['Identity', 'LeakyRelu', 'Log', 'Max', 'Mean', 'Min', 'Mish', 'Mul', 'Neg', 'PRelu', 'Pow', 'Reciprocal', 'Relu'],
  ...['Selu', 'Sigmoid', 'Softplus', 'Softsign', 'Sqrt', 'Sub', 'Sum', 'Swish', 'Tanh', 'ThresholdedRelu'],
];

/** The shape of a value has no channels; who reads it is looked at by itself. */
const ignore: Follower = () => undefined;

const followers: ReadonlyMap<string, Follower> = new Map<string, Follower>([
  ...elementwise.map((operator) => [operator, followElements] as const),
  ...['AveragePool', 'GlobalAveragePool', 'GlobalMaxPool', 'LpPool', 'MaxPool'].map(
    (operator) => [operator, followPool] as const,
  ),
  ...['ReduceMean', 'ReduceSum', 'ReduceMax'].map((operator) => [operator, followReduction] as const),
  ...['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze'].map((operator) => [operator, followFlattening] as const),
  ['BatchNormalization', followNormalization],
  ['InstanceNormalization', followNormalization],
  ['Concat', followConcat],
  ['Conv', followConvolution],
  ['Gemm', followGemm],
  ['MatMul', followMatMul],
  ['Shape', ignore],
  ['Transpose', followTranspose],
]);
