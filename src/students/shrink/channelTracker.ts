import { DistilleryError } from '../../errors.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { toNumbers } from '../../onnx/tensor.ts';
import { constantValues } from './constantValues.ts';
import { channelsAlong, ChannelSpace, positionCount, type Channels, type Part } from './channelSpace.ts';

/** A weight whose slices along axis `axis` compute the channels of a space. */
export interface Producer {
  readonly weight: string;
  readonly axis: number;
  readonly space: ChannelSpace;
  /** What the layer gives, its channels along the axis that `channelsOf` tells. */
  readonly output: Value;
}

/** Positions along an axis. */
export interface Selection {
  readonly axis: number;
  readonly parts: readonly Part[];
}

/** A weight, or a transpose of it. */
export interface StoredWeight {
  readonly name: string;
  /** Where each axis lies in the weight as it is stored. */
  readonly axes: readonly number[];
}

/** A permutation of channels that is written as a reshape, a transpose and a reshape. */
export interface ChannelShuffle {
  /** Whether its node is the last of the three. */
  readonly isLast: boolean;
  readonly axis: number;
  /** Of the channels that it gives: where each was before. */
  readonly order: readonly number[];
  /** The channels before. */
  readonly parts: readonly Part[];
}

/** What is known of the channels of a graph's values while its nodes are visited, and which weights have to be cut. */
export class ChannelTracker {
  readonly graph: Graph;
  readonly producers: Producer[] = [];
  /** All spaces, of each of which a channel has to remain. */
  readonly spaces = new Set<ChannelSpace>();
  /** By the names of the outputs of its three nodes. */
  readonly shuffles = new Map<string, ChannelShuffle>();
  /** Channels of the values whose shapes are read, by the names of these. */
  readonly shapes = new Map<string, Channels>();
  /** By weight: what lies along each axis that is cut. */
  readonly cuts = new Map<string, Map<number, readonly Part[]>>();
  readonly #selections = new Map<string, Map<number, Selection>>();
  /** Nodes through which channels cannot be followed: what they read keeps all of its channels. */
  readonly keepers: Node[] = [];
  readonly #channels = new Map<string, Channels>();
  readonly #uses = new Map<string, Set<Node>>();
  readonly #constants: ReadonlySet<string>;
  readonly #transposed = new Map<string, StoredWeight>();

  constructor(graph: Graph) {
    this.graph = graph;
    this.#constants = constantValues(graph);
  }

  /** Channels of a value; undefined where nothing is going to be dropped. */
  channelsOf(value: Value | undefined): Channels | undefined {
    return value && this.#channels.get(value.name);
  }

  /** Notes the channels of a node's first output, or of another one. */
  follow(node: Node, channels: Channels, index = 0): void {
    const output = node.outputs[index];
    if (!output) return;
    for (const { space } of channels.parts) this.spaces.add(space);
    this.#channels.set(output.name, channels);
  }

  /** The weight that a value is, as it is stored or transposed; undefined where it is none. */
  weightOf(value: Value | undefined): StoredWeight | undefined {
    if (!value) return undefined;
    const { name, shape } = value;
    if (this.isWeight(value)) return { name, axes: shape.map((_, axis) => axis) };
    return this.#transposed.get(name);
  }

  /** Notes that a node gives a weight with other axes. */
  transpose(node: Node, { name, axes }: StoredWeight, order: readonly number[]): void {
    const [output] = node.outputs;
    if (!output) return;
    this.#transposed.set(output.name, { name, axes: order.map((axis) => axes[axis] ?? axis) });
    this.#use(name, node);
  }

  /** The node that alone reads what another gives; undefined where there are several, or it is an output of the graph. */
  onlyReader({ outputs: [output] }: Node): Node | undefined {
    if (!output || this.graph.outputs.some(({ name }) => name === output.name)) return undefined;
    const readers = this.graph.nodes.filter(({ inputs }) => inputs.some((input) => input?.name === output.name));
    return readers.length === 1 ? readers[0] : undefined;
  }

  /** Whether a value is the same for all samples. */
  isConstant(value: Value): boolean {
    return this.#constants.has(value.name);
  }

  /** Narrows what `node` reads as input `index`, which is a weight or a constant. @throws DistilleryError when it is neither */
  narrow(node: Node, index: number, axis: number, parts: readonly Part[]): void {
    const value = node.inputs[index];
    if (!value) return;
    const isRight = this.isConstant(value) && value.shape[axis] === positionCount(parts);
    if (this.weightOf(value)) this.cut(node, value, axis, parts);
    else if (isRight) this.select(node, index, axis, parts);
    else throw this.refusal(node);
  }

  /** Lets `node` read as input `index`, which has no channels itself, the positions along an axis that remain. */
  select(node: Node, index: number, axis: number, parts: readonly Part[]): void {
    for (const { space } of parts) this.spaces.add(space);
    const selections = this.#selections.get(keyOf(node)) ?? new Map<number, Selection>();
    this.#selections.set(keyOf(node), selections.set(index, { axis, parts }));
  }

  /** By its place among the inputs of a node: which positions along an axis of a value the node reads. */
  selectionsOf(node: Node): ReadonlyMap<number, Selection> | undefined {
    return this.#selections.get(keyOf(node));
  }

  /** All channels that a node reads or makes stay, because they cannot be followed through it. */
  keep(node: Node): void {
    this.keepers.push(node);
    const made = new Set(node.outputs.map((output) => output?.name));
    for (const { output, space } of this.producers) if (made.has(output.name)) space.fix();
    for (const input of node.inputs) {
      if (!input) continue;
      for (const { space } of this.channelsOf(input)?.parts ?? []) space.fix();
      const weight = this.weightOf(input)?.name ?? input.name;
      for (const parts of this.cuts.get(weight)?.values() ?? []) for (const { space } of parts) space.fix();
    }
    this.#selections.delete(keyOf(node));
    this.shuffles.delete(keyOf(node));
  }

  /** Whether the contents of a value are a weight that can be cut. */
  isWeight(value: Value | undefined): value is Value {
    return value !== undefined && this.graph.initializers.get(value.name)?.type === 'float32';
  }

  /** Integers that are known without running the graph, such as axes. */
  integersOf(node: Node, value: Value | undefined): readonly number[] | undefined {
    if (!value) return undefined;
    const tensor = this.graph.known.get(value.name) ?? this.graph.initializers.get(value.name);
    if (!tensor) throw this.refusal(node);
    return toNumbers(tensor);
  }

  /**
   * A new space of the channels that `weight` computes along its axis `axis` in a node.
   * @param gates how many times the channels stand there, one after the other
   */
  produce(node: Node, weight: Value, axis: number, gates = 1): ChannelSpace {
    const output = node.outputs.find((each) => each !== undefined);
    const stored = this.weightOf(weight);
    if (!output || !stored) throw this.refusal(node);
    const space = new ChannelSpace(Number(weight.shape[axis]) / gates);
    this.producers.push({ weight: stored.name, axis: stored.axes[axis] ?? axis, space, output });
    return space;
  }

  /** Cuts a weight that `node` reads along an axis. @throws DistilleryError when it cannot be cut like this */
  cut(node: Node, weight: Value, axis: number, parts: readonly Part[]): void {
    const stored = this.weightOf(weight);
    if (!stored || weight.shape[axis] !== positionCount(parts)) throw this.refusal(node);
    const own = stored.axes[axis] ?? axis;
    const cuts = this.cuts.get(stored.name) ?? new Map<number, readonly Part[]>();
    this.cuts.set(stored.name, cuts);
    const earlier = cuts.get(own);
    if (earlier) this.tie(node, earlier, parts);
    else cuts.set(own, parts);
    for (const { space } of parts) this.spaces.add(space);
    this.#use(stored.name, node);
  }

  /** Nothing of an axis of a weight is dropped, because `node` reads all of it. */
  whole(node: Node, weight: Value, axis: number): void {
    const space = new ChannelSpace(Number(weight.shape[axis]));
    space.fix();
    this.cut(node, weight, axis, [{ space, spread: 1 }]);
  }

  #use(weight: string, node: Node): void {
    const uses = this.#uses.get(weight) ?? new Set();
    this.#uses.set(weight, uses.add(node));
  }

  /** Makes channels that meet in a node the same. @throws DistilleryError when there are not as many */
  tie(node: Node, left: readonly Part[], right: readonly Part[]): void {
    const [ours, theirs] = [channelsAlong(left), channelsAlong(right)];
    if (ours.length !== theirs.length) throw this.refusal(node);
    ours.forEach((channel, position) => {
      const other = theirs[position];
      if (other) channel.join(other);
    });
  }

  /** A weight of which not every reader knows that it is cut stays whole. */
  keepSharedWeights(): void {
    for (const node of this.graph.nodes) {
      const isUnaware = (input: Value): boolean =>
        this.#uses.get(this.weightOf(input)?.name ?? input.name)?.has(node) === false;
      if (node.inputs.some((input) => input && isUnaware(input))) this.keep(node);
    }
  }

  refusal(node: Node): DistilleryError {
    return new DistilleryError(
      'UNSUPPORTED',
      `The network cannot be shrunk: its channels cannot be followed through node '${node.name}' (${node.operator}).`,
      { hint: 'Choose an architecture for the student instead.' },
    );
  }
}

/** What a node is known by, in its graph as in a copy. */
export function keyOf({ outputs }: Node): string {
  return outputs.find((output) => output !== undefined)?.name ?? '';
}
