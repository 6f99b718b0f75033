import { DistilleryError } from '../../errors.ts';
import { copyGraph } from '../../onnx/copy.ts';
import { Graph, int, type Node, type Value } from '../../onnx/graph.ts';
import { floatData, floatTensor, type Tensor } from '../../onnx/tensor.ts';
import type { ImportedNetwork } from '../importNetwork.ts';
import { keptPositions, type ChannelSpace } from './channelSpace.ts';
import type { ChannelTracker } from './channelTracker.ts';
import { chooseChannels, type ChannelImportance } from './chooseChannels.ts';
import { followChannels } from './followChannels.ts';

/**
 * The same network with narrower layers, which begins with the weights of its most important channels. Inputs and classes
 * stay as they are, and so do the widths of convolutions in several groups.
 *
 * @param factor share of the channels that remain, between 0 and 1
 * @param importance of the channels of every layer; by default the L1 norms of their filters
 * @throws DistilleryError `UNSUPPORTED` naming the node through which channels cannot be followed
 */
export function shrinkNetwork(
  { graph, weights }: ImportedNetwork,
  factor: number,
  importance?: ChannelImportance,
): ImportedNetwork {
  const tracker = followChannels(graph);
  const chosen = chooseChannels(tracker.producers, graph.initializers, factor, importance);
  const kept = (root: ChannelSpace): readonly number[] =>
    chosen.get(root) ?? Array.from({ length: root.size }, (_, channel) => channel);
  if (![...chosen].some(([root, channels]) => channels.length < root.size)) {
    throw new DistilleryError('UNSUPPORTED', 'The network has no channels that could be dropped.', {
      hint: 'Use a smaller factor, or choose an architecture for the student.',
    });
  }
  const target = new Graph();
  target.reserve(graph.names);
  const bindings = new Map<string, Value>(
    graph.inputs.map(({ name, type, shape }) => [name, target.input(name, type, shape)]),
  );
  for (const [name, tensor] of graph.initializers) {
    const cuts = tracker.cuts.get(name);
    if (!cuts) continue;
    let cut = tensor;
    for (const [axis, parts] of cuts) cut = takeSlices(cut, axis, keptPositions(parts, kept));
    bindings.set(name, target.initializer(name, cut));
  }
  const copies = copyGraph(target, graph, {
    bindings,
    prefix: '',
    rewrite: (node, inputs) => narrowNode(target, tracker, node, inputs),
  });
  for (const output of graph.outputs) {
    const copy = copies.get(output.name);
    if (!copy) throw new DistilleryError('INTERNAL', `The copy lost the output '${output.name}'.`);
    target.output(copy);
  }
  return { graph: target, weights };
}

/** Replaces nodes in which a width is written down: depthwise convolutions, and reshapes that only flatten. */
function narrowNode(
  target: Graph,
  tracker: ChannelTracker,
  node: Node,
  inputs: readonly (Value | undefined)[],
): readonly (Value | undefined)[] | undefined {
  if (!tracker.channelsOf(node.outputs[0])) return undefined;
  const [input] = inputs;
  const names = { name: node.name, outputs: node.outputs.map((output) => output?.name ?? '') };
  if (node.operator === 'Conv' && input && 'group' in node.attributes && inputs[1]?.shape[1] === 1) {
    return target.node(node.operator, inputs, {
      ...names,
      attributes: { ...node.attributes, group: int(Number(input.shape[1])) },
    });
  }
  if (node.operator === 'Reshape') {
    const ones = node.outputs[0]?.shape.slice(2) ?? [];
    const shape = target.integers([0, -1, ...ones.map(() => 1)]);
    return target.node('Reshape', [input, shape], names);
  }
  return undefined;
}

function takeSlices(tensor: Tensor, axis: number, positions: readonly number[]): Tensor {
  const source = floatData(tensor);
  const size = tensor.shape[axis] ?? 1;
  const inner = tensor.shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const outer = source.length / (size * inner);
  const data = new Float32Array(outer * positions.length * inner);
  let offset = 0;
  for (let block = 0; block < outer; block++) {
    for (const position of positions) {
      const start = (block * size + position) * inner;
      data.set(source.subarray(start, start + inner), offset);
      offset += inner;
    }
  }
  return floatTensor(
    data,
    tensor.shape.map((length, index) => (index === axis ? positions.length : length)),
  );
}
