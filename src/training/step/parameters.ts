import { DistilleryError } from '../../errors.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import {
  elementCount,
  floatData,
  floatTensor,
  type Dimensions,
  type FloatTensor,
  type Tensor,
} from '../../onnx/tensor.ts';
import { undecayedWeights } from './undecayedWeights.ts';

/** Where one weight lies in the flat vector of its group. */
export interface Slot {
  readonly name: string;
  readonly shape: Dimensions;
  readonly offset: number;
  readonly length: number;
}

/**
 * Weights that are stored one after another in a single vector, so that an optimizer is a handful of operators on one
 * tensor instead of a handful per weight.
 */
export interface FlatGroup {
  /** Name of the vector in the training graph. */
  readonly name: string;
  readonly slots: readonly Slot[];
  readonly length: number;
}

/** Weights that the optimizer changes together. */
export interface TrainedGroup extends FlatGroup {
  /** Whether weight decay acts on them. */
  readonly decays: boolean;
}

/** The trainable weights and the running statistics of a network. */
export interface NetworkState {
  readonly trained: readonly TrainedGroup[];
  /** Running means and variances of batch normalisation; without slots where there are none. */
  readonly statistics: FlatGroup;
}

/** A weight of this many elements has a vector of its own: cutting it out at every step costs more than its operators. */
const LARGE = 2 ** 18;

/**
 * Sorts the weights of a forward graph into groups: matrices and kernels, biases and scales, large weights, statistics. The statistics
 * of a batch normalisation move as long as its scale or its bias is trained; otherwise it stays in inference form.
 *
 * @param trainable names of the initializers to train; by default all of float32 that are no constants of a formula
 */
export function describeState(graph: Graph, trainable: ReadonlySet<string> = floatWeights(graph)): NetworkState {
  const statistics = new Set<string>();
  for (const node of graph.nodes) {
    if (node.operator !== 'BatchNormalization') continue;
    if (!node.inputs.slice(1, 3).some((input) => input && trainable.has(input.name))) continue;
    for (const input of node.inputs.slice(3, 5)) if (input) statistics.add(input.name);
  }
  const weights = [...graph.initializers].filter(
    ([name, { type }]) => type === 'float32' && (trainable.has(name) || statistics.has(name)),
  );
  const learned = weights.filter(([name]) => !statistics.has(name));
  const undecayed = undecayedWeights(graph);
  const decays = (name: string): boolean => !undecayed.has(name);
  const isLarge = ({ shape }: Tensor): boolean => elementCount(shape) >= LARGE;
  const small = (decayed: boolean) => learned.filter(([name, tensor]) => !isLarge(tensor) && decays(name) === decayed);
  const groups: readonly TrainedGroup[] = [
    { ...layOut('parameters', small(true)), decays: true },
    { ...layOut('parameters.undecayed', small(false)), decays: false },
    ...learned
      .filter(([, tensor]) => isLarge(tensor))
      .map((weight) => ({ ...layOut(`parameters:${weight[0]}`, [weight]), decays: decays(weight[0]) })),
  ];
  return {
    trained: groups.filter(({ length }) => length > 0),
    statistics: layOut(
      'statistics',
      weights.filter(([name]) => statistics.has(name)),
    ),
  };
}

/** The initial contents of a group's vector, from the weights of a graph; those of a weight that is alone are its own, and not to be changed. */
export function packGroup(group: FlatGroup, weights: ReadonlyMap<string, Tensor>): FloatTensor {
  const [first, ...others] = group.slots;
  const alone = first && others.length === 0 ? weights.get(first.name) : undefined;
  if (alone) return floatTensor(floatData(alone));
  const data = new Float32Array(group.length);
  for (const slot of group.slots) {
    const tensor = weights.get(slot.name);
    if (!tensor) throw new DistilleryError('INTERNAL', `The network has no weight '${slot.name}'.`);
    data.set(floatData(tensor), slot.offset);
  }
  return floatTensor(data);
}

/** The weights in a group's vector, by name; each is a copy. */
export function unpackGroup(group: FlatGroup, vector: Float32Array): Map<string, FloatTensor> {
  return new Map(
    group.slots.map((slot) => [
      slot.name,
      floatTensor(vector.slice(slot.offset, slot.offset + slot.length), slot.shape),
    ]),
  );
}

/** Adds nodes that cut a group's vector into its weights. Returns each weight's value by name. */
export function cutGroup(graph: Graph, group: FlatGroup, vector: Value): Map<string, Value> {
  const [only] = group.slots;
  if (!only) return new Map();
  if (group.slots.length === 1) {
    return new Map([
      [only.name, graph.op('Reshape', [vector, graph.integers(only.shape)], {}, { outputs: [nameOf(only)] })],
    ]);
  }
  const parts = graph.node('Split', [vector, graph.integers(group.slots.map((slot) => slot.length))], {
    outputs: group.slots.map((slot) => `${nameOf(slot)}.flat`),
  });
  return new Map(
    group.slots.map((slot, index) => {
      const part = parts[index];
      if (!part) throw new DistilleryError('INTERNAL', `Split lost '${slot.name}'.`);
      return [slot.name, graph.op('Reshape', [part, graph.integers(slot.shape)], {}, { outputs: [nameOf(slot)] })];
    }),
  );
}

/** Of a weight in the graph of a step, which has names of its own, too: files name weights as they like. */
function nameOf({ name }: { readonly name: string }): string {
  return `student.${name}`;
}

/** Adds nodes that join one value per slot, in the order of the slots, into a vector. */
export function joinGroup(graph: Graph, values: readonly Value[]): Value {
  const flat = values.map((value) => graph.op('Reshape', [value, graph.integers([-1])]));
  const [only] = flat;
  if (flat.length === 1 && only) return only;
  return graph.op('Concat', flat, { axis: { kind: 'int', value: 0 } });
}

function floatWeights(graph: Graph): ReadonlySet<string> {
  return new Set(
    [...graph.initializers].flatMap(([name, { type }]) =>
      type === 'float32' && !graph.isConstant(name) ? [name] : [],
    ),
  );
}

function layOut(name: string, weights: readonly (readonly [string, Tensor])[]): FlatGroup {
  let offset = 0;
  const slots = weights.map(([weight, tensor]): Slot => {
    const length = elementCount(tensor.shape);
    const slot = { name: weight, shape: tensor.shape, offset, length };
    offset += length;
    return slot;
  });
  return { name, slots, length: offset };
}
