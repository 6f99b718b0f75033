import { DistilleryError } from '../../errors.ts';
import type { Graph, Node, Value } from '../../onnx/graph.ts';
import { toNumbers } from '../../onnx/tensor.ts';
import { ChannelSpace, positionCount, type Channels, type Part } from './channelSpace.ts';

/** A weight whose slices along axis `axis` compute the channels of a space. */
export interface Producer {
  readonly weight: string;
  readonly axis: number;
  readonly space: ChannelSpace;
  /** What the layer gives, its channels along the axis that `channelsOf` tells. */
  readonly output: Value;
}

/** What is known of the channels of a graph's values while its nodes are visited, and which weights have to be cut. */
export class ChannelTracker {
  readonly graph: Graph;
  readonly producers: Producer[] = [];
  /** By weight: what lies along each axis that is cut. */
  readonly cuts = new Map<string, Map<number, readonly Part[]>>();
  readonly #channels = new Map<string, Channels>();
  readonly #uses = new Map<string, Set<Node>>();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** Channels of a value; undefined where nothing is going to be dropped. */
  channelsOf(value: Value | undefined): Channels | undefined {
    return value && this.#channels.get(value.name);
  }

  /** Notes the channels of a node's first output. */
  follow(node: Node, channels: Channels): void {
    const [output] = node.outputs;
    if (output) this.#channels.set(output.name, channels);
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

  /** A new space of the channels that `weight` computes along its axis `axis` in a node. */
  produce(node: Node, weight: Value, axis: number): ChannelSpace {
    const [output] = node.outputs;
    if (!output) throw this.refusal(node);
    const space = new ChannelSpace(Number(weight.shape[axis]));
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

  /** Every reader of a weight that is cut must know of it. @throws DistilleryError naming one that does not */
  checkUses(): void {
    for (const node of this.graph.nodes) {
      for (const input of node.inputs) {
        if (input && this.#uses.get(input.name)?.has(node) === false) throw this.refusal(node);
      }
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
