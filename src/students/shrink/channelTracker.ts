import { DistilleryError } from '../../errors.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { toNumbers } from '../../onnx/tensor.ts';
import { constantValues } from './constantValues.ts';
import { ChannelSpace, positionCount, type Channels, type Part } from './channelSpace.ts';

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

/** What is known of the channels of a graph's values while its nodes are visited, and which weights have to be cut. */
export class ChannelTracker {
  readonly graph: Graph;
  readonly producers: Producer[] = [];
  /** By weight: what lies along each axis that is cut. */
  readonly cuts = new Map<string, Map<number, readonly Part[]>>();
  readonly #selections = new Map<string, Map<number, Selection>>();
  /** Nodes through which channels cannot be followed: what they read keeps all of its channels. */
  readonly keepers: Node[] = [];
  readonly #channels = new Map<string, Channels>();
  readonly #uses = new Map<string, Set<Node>>();
  readonly #constants: ReadonlySet<string>;

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
    if (output) this.#channels.set(output.name, channels);
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
    if (this.isWeight(value)) this.cut(node, value, axis, parts);
    else if (isRight) {
      const selections = this.#selections.get(keyOf(node)) ?? new Map<number, Selection>();
      this.#selections.set(keyOf(node), selections.set(index, { axis, parts }));
    } else throw this.refusal(node);
  }

  /** By its place among the inputs of a node: which positions along an axis of a constant the node reads. */
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
      for (const parts of this.cuts.get(input.name)?.values() ?? []) for (const { space } of parts) space.fix();
    }
    this.#selections.delete(keyOf(node));
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
    if (!output) throw this.refusal(node);
    const space = new ChannelSpace(Number(weight.shape[axis]) / gates);
    this.producers.push({ weight: weight.name, axis, space, output });
    return space;
  }

  /** Cuts a weight that `node` reads along an axis. @throws DistilleryError when it cannot be cut like this */
  cut(node: Node, weight: Value, axis: number, parts: readonly Part[]): void {
    if (!this.isWeight(weight) || weight.shape[axis] !== positionCount(parts)) throw this.refusal(node);
    const cuts = this.cuts.get(weight.name) ?? new Map<number, readonly Part[]>();
    this.cuts.set(weight.name, cuts);
    const earlier = cuts.get(axis);
    if (earlier) this.tie(node, earlier, parts);
    cuts.set(axis, parts);
    const uses = this.#uses.get(weight.name) ?? new Set();
    this.#uses.set(weight.name, uses.add(node));
  }

  /** Makes channels that meet in a node the same. @throws DistilleryError when they are arranged differently */
  tie(node: Node, left: readonly Part[], right: readonly Part[]): void {
    if (left.length !== right.length) throw this.refusal(node);
    left.forEach(({ space, spread }, index) => {
      const other = right[index];
      if (other?.spread !== spread || other.space.size !== space.size) throw this.refusal(node);
      space.tie(other.space);
    });
  }

  /** A weight of which not every reader knows that it is cut stays whole. */
  keepSharedWeights(): void {
    for (const node of this.graph.nodes) {
      if (node.inputs.some((input) => input && this.#uses.get(input.name)?.has(node) === false)) this.keep(node);
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
function keyOf({ outputs }: Node): string {
  return outputs.find((output) => output !== undefined)?.name ?? '';
}
