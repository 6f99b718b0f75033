import { DistilleryError } from '../errors.ts';
import { Graph, type Node, type Value } from './graph.ts';

/** Replaces a node while its graph is copied: adds other nodes to the target and returns the outputs' replacements. */
export type Rewrite = (
  node: Node,
  inputs: readonly (Value | undefined)[],
) => readonly (Value | undefined)[] | undefined;

export interface CopyOptions {
  /** Values of the target that stand for values of the source: at least every input of the source. */
  readonly bindings: ReadonlyMap<string, Value>;
  /** Prepended to the names of copied values. */
  readonly prefix: string;
  /** Consulted for every node; undefined keeps the node as it is. */
  readonly rewrite?: Rewrite;
}

/**
 * Copies the nodes of `source` into `target`. Shapes are inferred anew, so that a source with a symbolic batch becomes
 * one with the batch of the values bound to its inputs.
 * @returns the value of the target for each value of the source, by the source's name
 */
export function copyGraph(
  target: Graph,
  source: Graph,
  { bindings, prefix, rewrite }: CopyOptions,
): Map<string, Value> {
  const copies = new Map(bindings);
  const copyOf = (value: Value): Value => {
    const existing = copies.get(value.name);
    if (existing) return existing;
    const tensor = source.initializers.get(value.name);
    if (!tensor) throw new DistilleryError('INTERNAL', `Nothing stands for '${value.name}' in the copied graph.`);
    const copy = target.initializer(prefix + value.name, tensor);
    copies.set(value.name, copy);
    return copy;
  };
  for (const node of source.nodes) {
    const inputs = node.inputs.map((input) => input && copyOf(input));
    const outputs =
      rewrite?.(node, inputs) ??
      target.node(node.operator, inputs, {
        name: prefix + node.name,
        domain: node.domain,
        attributes: node.attributes,
        outputs: node.outputs.map((output) => (output ? prefix + output.name : '')),
      });
    node.outputs.forEach((output, index) => {
      const copy = outputs[index];
      if (output && copy) copies.set(output.name, copy);
    });
  }
  return copies;
}

/**
 * A copy of a whole graph in which some nodes are replaced. Inputs, outputs and all other values keep their names and
 * their order.
 */
export function rewriteGraph(source: Graph, build: (target: Graph) => Rewrite): Graph {
  const target = new Graph();
  target.reserve(source.names);
  const bindings = new Map(
    source.inputs.map((input) => [input.name, target.input(input.name, input.type, input.shape)]),
  );
  const copies = copyGraph(target, source, { bindings, prefix: '', rewrite: build(target) });
  for (const output of source.outputs) {
    const copy = copies.get(output.name);
    if (!copy) throw new DistilleryError('INTERNAL', `The copy lost the output '${output.name}'.`);
    target.output(copy, output.name);
  }
  return target;
}
