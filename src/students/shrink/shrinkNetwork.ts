import { DistilleryError } from '../../errors.ts';
import { copyGraph } from '../../onnx/copy.ts';
import { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { floatData, floatTensor, type Tensor } from '../../onnx/tensor.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import type { ImportedNetwork } from '../importNetwork.ts';
import { keptPositions, type Keeps } from './channelSpace.ts';
import type { ChannelTracker } from './channelTracker.ts';
import { chooseChannels, type ChannelImportance } from './chooseChannels.ts';
import { followChannels } from './followChannels.ts';
import { storeKernels } from './storeKernels.ts';
import { narrowNode, selectConstants } from './narrowNode.ts';

/**
 * The same network with narrower layers, which begins with the weights of its most important channels. Inputs and classes
 * stay as they are, and so does the width of what is read by nodes through which channels
 * cannot be followed, which a note names.
 *
 * @param factor share of the channels that remain, between 0 and 1; or one for each layer, up to 1, where layers with channels in common are one
 * @param importance of the channels of every layer; by default the L1 norms of their filters
 * @throws DistilleryError `UNSUPPORTED` when no channel can be dropped, naming the nodes through which channels cannot be followed; `BAD_INPUT` when
 *   there are more or fewer layers than shares
 */
export function shrinkNetwork(
  { graph: wide, weights }: ImportedNetwork,
  factor: number | readonly number[],
  importance?: ChannelImportance,
): ImportedNetwork {
  const { graph, computed } = storeKernels(wide);
  const tracker = followChannels(graph);
  const dropped = chooseChannels(tracker, graph.initializers, factor, importance);
  const keeps: Keeps = ({ root }) => !dropped.has(root);
  const narrowed = tracker.producers.filter(({ space }) => !space.channels.every(keeps));
  if (narrowed.length === 0) throw nothingToDrop(tracker);
  const target = new Graph();
  target.reserve(graph.names);
  const bindings = new Map<string, Value>(
    graph.inputs.map(({ name, type, shape }) => [name, target.input(name, type, shape)]),
  );
  for (const [name, tensor] of graph.initializers) {
    const cuts = tracker.cuts.get(name);
    if (!cuts) continue;
    let cut = tensor;
    for (const [axis, parts] of cuts) cut = takeSlices(cut, axis, keptPositions(parts, keeps));
    bindings.set(name, target.initializer(name, cut));
  }
  const copies = copyGraph(target, graph, {
    bindings,
    prefix: '',
    rewrite: (node, inputs) =>
      narrowNode(target, tracker, keeps, node, selectConstants(target, tracker, keeps, node, inputs)),
  });
  for (const output of graph.outputs) {
    const copy = copies.get(output.name);
    if (!copy) throw new DistilleryError('INTERNAL', `The copy lost the output '${output.name}'.`);
    target.output(copy);
  }
  const shrunk = pruneGraph(target);
  const trained = [...weights, ...computed].filter((name) => shrunk.initializers.has(name));
  return { graph: shrunk, weights: trained, notes: [...storedNote(computed), ...keptNote(tracker, narrowed.length)] };
}

/** Keepers that are named in a sentence. */
const NAMED = 3;

function namedKeepers({ keepers }: ChannelTracker): string {
  const first = keepers.slice(0, NAMED).map(({ name, operator }) => `'${name}' (${operator})`);
  return first.join(', ') + (keepers.length > NAMED ? ` and ${keepers.length - NAMED} more` : '');
}

function nothingToDrop(tracker: ChannelTracker): DistilleryError {
  const hint = 'Use a smaller factor, or choose an architecture for the student.';
  const [first] = tracker.keepers;
  if (!first) return new DistilleryError('UNSUPPORTED', 'The network has no channels that could be dropped.', { hint });
  return new DistilleryError(
    'UNSUPPORTED',
    `The network cannot be shrunk: its channels cannot be followed through node ${namedKeepers(tracker)}, and there are no others.`,
    { hint },
  );
}

/** What is told of weights that were computed of others. */
function storedNote(computed: readonly string[]): string[] {
  if (computed.length === 0) return [];
  const named = computed.slice(0, NAMED).map((name) => `'${name}'`);
  const more = computed.length > NAMED ? ` and ${computed.length - NAMED} more` : '';
  return [
    `Weights that the model computes of others (${named.join(', ')}${more}: by a normalisation of weights, or in another shape) are stored in the student as they are.`,
  ];
}

/** What a person should know where some layers stay as wide as they are. */
function keptNote(tracker: ChannelTracker, narrowed: number): string[] {
  if (tracker.keepers.length === 0) return [];
  return [
    `${narrowed} of ${tracker.producers.length} layers are narrowed. What is read by node ${namedKeepers(tracker)} stays as wide as it ` +
      'is, because channels cannot be followed through it.',
  ];
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
