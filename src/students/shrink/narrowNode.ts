import { int, type Graph, type NodeOptions } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import type { Inferred } from '../../onnx/shapes/rule.ts';
import { keptPositions, positionCount, type Channels, type Keeps } from './channelSpace.ts';
import { keyOf, type ChannelTracker } from './channelTracker.ts';
import { narrowPieces, narrowShuffle } from './narrowPieces.ts';
import { isRecurrent } from './recurrentLayers.ts';

/** The inputs of a node, of constants the channels that remain. */
export function selectConstants(
  target: Graph,
  tracker: ChannelTracker,
  keeps: Keeps,
  node: Node,
  inputs: readonly (Value | undefined)[],
): readonly (Value | undefined)[] {
  const selections = tracker.selectionsOf(node);
  if (!selections) return inputs;
  return inputs.map((input, index) => {
    const selection = selections.get(index);
    if (!input || !selection) return input;
    const { axis, parts } = selection;
    const positions = keptPositions(parts, keeps);
    if (positions.length === input.shape[axis]) return input;
    return target.op('Gather', [input, target.integers(positions)], { axis: int(axis) });
  });
}

/** Replaces nodes in which a width is written down, and those whose constants were narrowed. */
export function narrowNode(
  target: Graph,
  tracker: ChannelTracker,
  keeps: Keeps,
  node: Node,
  inputs: readonly (Value | undefined)[],
): readonly (Value | undefined)[] | undefined {
  const [input] = inputs;
  const followed = node.outputs.map((output) => tracker.channelsOf(output)).find((channels) => channels !== undefined);
  const options = {
    name: node.name,
    domain: node.domain,
    outputs: node.outputs.map((output) => output?.name ?? ''),
    attributes: node.attributes,
    results: node.outputs.map((output) => narrowResult(tracker, keeps, output)),
  };
  const shuffle = tracker.shuffles.get(keyOf(node));
  if (shuffle && input && keptPositions(shuffle.parts, keeps).length < positionCount(shuffle.parts)) {
    return narrowShuffle(target, keeps, input, shuffle, options);
  }
  if (!followed) return isOpen(node) ? copyOpen(target, tracker, node, inputs, options) : undefined;
  const channels = tracker.channelsOf(node.inputs[0]);
  const pieces = channels && narrowPieces(target, tracker, keeps, node, inputs, { channels, options });
  return pieces ?? narrowWidths(target, tracker, node, inputs, { followed, options, keeps });
}

/** Nodes with an attribute or an input that says how many channels there are. */
function narrowWidths(
  target: Graph,
  tracker: ChannelTracker,
  node: Node,
  inputs: readonly (Value | undefined)[],
  { followed, options, keeps }: { readonly followed: Channels; readonly options: NodeOptions; readonly keeps: Keeps },
): readonly (Value | undefined)[] | undefined {
  const [input] = inputs;
  if (node.operator === 'Conv' && input && 'group' in node.attributes && inputs[1]?.shape[1] === 1) {
    const group = int(Number(input.shape[1]));
    return target.node(node.operator, inputs, { ...options, attributes: { ...node.attributes, group } });
  }
  if (isRecurrent(node)) {
    const units = int(Number(inputs[2]?.shape[2]));
    return target.node(node.operator, inputs, { ...options, attributes: { ...node.attributes, hidden_size: units } });
  }
  if (node.operator === 'Reshape' && input) {
    const shape = target.integers(targetShape(tracker, node, followed, keptPositions(followed.parts, keeps).length));
    return target.node('Reshape', [input, shape], { ...options, attributes: {} });
  }
  // What is made in the shape of a value follows it.
  if (node.operator === 'Expand' && input && tracker.channelsOf(node.inputs[0])) {
    return target.node('Expand', [input, target.integers(expandedShape(tracker, node, followed.axis))], options);
  }
  return isOpen(node) || tracker.selectionsOf(node) || node.operator === 'Expand'
    ? target.node(node.operator, inputs, options)
    : undefined;
}

/** The shape to expand to: sizes of 1 leave an axis as it is, which the channels' is, and any that is open in what is expanded, too. */
function expandedShape(tracker: ChannelTracker, node: Node, channelAxis: number): number[] {
  const [before, shape] = [node.inputs[0]?.shape ?? [], node.outputs[0]?.shape ?? []];
  return shape.map((size, axis) => {
    const own = before[axis + before.length - shape.length];
    // An open size is never repeated: what it is expanded to is the same, whatever its name.
    if (axis === channelAxis || size === own || typeof own === 'string') return 1;
    if (typeof size !== 'number') throw tracker.refusal(node);
    return size;
  });
}

/** Whether a size that a node gives is open: it was found when the file was read, and may not be inferred again. */
function isOpen({ outputs }: Node): boolean {
  return outputs.some((output) => output?.shape.some((size) => typeof size === 'string'));
}

/** A node that nothing was narrowed in, with the shapes and contents that it has. */
function copyOpen(
  target: Graph,
  tracker: ChannelTracker,
  node: Node,
  inputs: readonly (Value | undefined)[],
  options: NodeOptions,
): readonly (Value | undefined)[] {
  const outputs = target.node(node.operator, inputs, options);
  for (const output of outputs) {
    const known = output && tracker.graph.known.get(output.name);
    if (known) target.known.set(output.name, known);
  }
  return outputs;
}

/** Type and shape of a value with the channels that remain. */
function narrowResult(tracker: ChannelTracker, keeps: Keeps, value: Value | undefined): Inferred {
  if (!value) return { type: 'float32', shape: [] };
  const channels = tracker.channelsOf(value);
  if (!channels) return value;
  const width = keptPositions(channels.parts, keeps).length;
  return {
    type: value.type,
    shape: value.shape.map((size, axis) => (axis === channels.axis && !channels.isPerSample ? width : size)),
  };
}

/** The shape that a reshape writes down: sizes that are open stay as they are, or follow from the others, as the channels' does. */
function targetShape(tracker: ChannelTracker, node: Node, { axis, isPerSample }: Channels, width: number): number[] {
  const before = node.inputs[0]?.shape ?? [];
  const shape = node.outputs[0]?.shape ?? [];
  const open = shape.filter(
    (size, index) => typeof size === 'string' && size !== before[index] && !(isPerSample && index === axis),
  );
  if (open.length === 0) {
    return shape.map((size, index) => (index === axis ? -1 : typeof size === 'number' ? size : 0));
  }
  if (open.length > 1 || isPerSample) throw tracker.refusal(node);
  return shape.map((size, index) => {
    if (index === axis) return width;
    if (typeof size === 'number') return size;
    return size === before[index] ? 0 : -1;
  });
}
