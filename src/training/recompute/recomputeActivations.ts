import { DistilleryError } from '../../errors.ts';
import { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { delayed, zeroFrom } from './delayed.ts';
import { divideForward, forwardLength, sizeOf } from './divideForward.ts';

export interface RecomputeOptions {
  /** The input that activations depend on. */
  readonly samples: string;
  /** The output that ends the forward pass: the total loss. */
  readonly loss: string;
  /** Values that are the gradients of weights. */
  readonly weightGradients: readonly string[];
  /** Parts that the forward pass is divided into; all but the last are computed again. */
  readonly segments: number;
}

/**
 * A copy of a training step that keeps only what passes between segments of the forward pass, and computes the other activations
 * again when the backward pass comes to their segment (activation checkpointing, arXiv 1604.06174). Results are the same, but for
 * rounding where the runtime joins operators in another way. Memory for activations falls to that of one segment and the boundaries;
 * the forward pass of all segments but the last is done twice. A graph that does not divide is returned as it is.
 */
export function recomputeActivations(source: Graph, options: RecomputeOptions): Graph {
  const forward = forwardLength(source, options.loss);
  const plan = planSegments(source, forward, options);
  if (plan.segmentOf.size === 0) return source;
  const target = new Graph();
  target.reserve(source.names);
  for (const { name, type, shape } of source.inputs) target.input(name, type, shape);
  for (const [name, tensor] of source.initializers) target.initializer(name, tensor);
  const again = new Recomputation(source, target, plan, options.weightGradients);
  source.nodes.forEach((node, index) => {
    const isBackward = index >= forward;
    const inputs = node.inputs.map((input) => input && (isBackward ? again.valueFor(input) : target.value(input.name)));
    const outputs = addCopy(target, node, inputs, (output) => output.name);
    if (isBackward) again.reached(outputs);
  });
  for (const output of source.outputs) target.output(target.value(output.name));
  return target;
}

interface Plan {
  /** Values that depend on the samples. */
  readonly activations: ReadonlySet<string>;
  /** Segment, by name, of the activations that are forgotten. */
  readonly segmentOf: ReadonlyMap<string, number>;
}

function planSegments(graph: Graph, forward: number, { samples, segments }: RecomputeOptions): Plan {
  const nodes = graph.nodes.slice(0, forward);
  const activations = new Set([samples]);
  for (const node of nodes) {
    if (!node.inputs.some((input) => input && activations.has(input.name))) continue;
    for (const output of node.outputs) if (output) activations.add(output.name);
  }
  const readBackward = new Set(
    graph.nodes.slice(forward).flatMap((node) => node.inputs.flatMap((input) => (input ? [input.name] : []))),
  );
  const kept = new Set([...readBackward].filter((name) => activations.has(name)));
  const cuts = divideForward(graph, forward, kept, segments);
  const segmentAt = (index: number): number => cuts.filter((cut) => cut <= index).length;
  const produced = new Map<string, number>();
  const crossing = new Set(graph.outputs.map((output) => output.name));
  nodes.forEach((node, index) => {
    for (const output of node.outputs) if (output) produced.set(output.name, segmentAt(index));
    for (const input of node.inputs) {
      if (input && produced.get(input.name) !== segmentAt(index)) crossing.add(input.name);
    }
  });
  const segmentOf = new Map<string, number>();
  for (const node of nodes) {
    for (const output of node.outputs) {
      if (!output || !activations.has(output.name) || crossing.has(output.name) || sizeOf(output) === 0) continue;
      const segment = produced.get(output.name);
      if (segment !== undefined && segment < cuts.length) segmentOf.set(output.name, segment);
    }
  }
  return { activations, segmentOf };
}

/** Computes forgotten activations again, each once, and not before the backward pass has come to their segment. */
class Recomputation {
  readonly #source: Graph;
  readonly #target: Graph;
  readonly #plan: Plan;
  readonly #weightGradients: ReadonlySet<string>;
  readonly #values = new Map<string, Value>();
  /** An int64 zero [1] for each segment, which is known when the backward pass has come there. */
  readonly #signals = new Map<number, Value>();
  /** The latest value of the backward pass. */
  #latest: Value | undefined;
  /** Gradients of weights since the last signal. */
  #computed: Value[] = [];

  constructor(source: Graph, target: Graph, plan: Plan, weightGradients: readonly string[]) {
    this.#source = source;
    this.#target = target;
    this.#plan = plan;
    this.#weightGradients = new Set(weightGradients);
  }

  /** Tells that the backward pass has computed these values. */
  reached(outputs: readonly (Value | undefined)[]): void {
    for (const output of outputs) {
      const isFloat = output?.type === 'float32' || output?.type === 'float16';
      if (!isFloat || output.shape.length === 0) continue;
      this.#latest = output;
      if (this.#weightGradients.has(output.name)) this.#computed.push(output);
    }
  }

  /** What a node of the backward pass reads in place of a value of the source. */
  valueFor(value: Value): Value {
    const segment = this.#plan.segmentOf.get(value.name);
    return segment === undefined ? this.#target.value(value.name) : this.#again(value, segment);
  }

  #again(value: Value, segment: number): Value {
    const existing = this.#values.get(value.name);
    if (existing) return existing;
    const node = this.#source.producer(value);
    if (!node) throw new DistilleryError('INTERNAL', `Nothing computes the activation '${value.name}'.`);
    const inputs = node.inputs.map((input) => {
      if (!input) return undefined;
      if (this.#plan.segmentOf.get(input.name) === segment) return this.#again(input, segment);
      return this.#plan.activations.has(input.name) ? this.#delay(input, segment) : this.#target.value(input.name);
    });
    const outputs = addCopy(this.#target, node, inputs, (output) => this.#target.freshName(`again_${output.name}`));
    node.outputs.forEach((output, index) => {
      const copy = outputs[index];
      if (output && copy) this.#values.set(output.name, copy);
    });
    return this.#again(value, segment);
  }

  /** The same tensor, but only once the backward pass has come to the segment. */
  #delay(value: Value, segment: number): Value {
    const key = `${segment}:${value.name}`;
    const existing = this.#values.get(key);
    if (existing) return existing;
    const late = delayed(this.#target, this.#target.value(value.name), this.#signal(segment));
    this.#values.set(key, late);
    return late;
  }

  /** The gradients of the weights behind the segment come first too, so that what they are computed from can be forgotten. */
  #signal(segment: number): Value {
    const existing = this.#signals.get(segment);
    if (existing) return existing;
    if (!this.#latest) throw new DistilleryError('INTERNAL', 'The backward pass begins with a forgotten activation.');
    const zeros = [this.#latest, ...this.#computed].map((value) => zeroFrom(this.#target, value));
    const signal = zeros.reduce((sum, zero) => this.#target.op('Add', [sum, zero]));
    this.#computed = [];
    this.#signals.set(segment, signal);
    return signal;
  }
}

function addCopy(
  target: Graph,
  node: Node,
  inputs: readonly (Value | undefined)[],
  nameOf: (output: Value) => string,
): (Value | undefined)[] {
  return target.node(node.operator, inputs, {
    domain: node.domain,
    attributes: node.attributes,
    outputs: node.outputs.map((output) => (output ? nameOf(output) : '')),
    results: node.outputs.map((output) => output ?? { type: 'float32', shape: [] }),
  });
}
