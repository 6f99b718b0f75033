import { DistilleryError } from '../errors.ts';
import { Graph } from './graph.ts';
import type { Node, Value } from './node.ts';

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
  /** Consulted for every node, with its outputs' new names; undefined keeps the node as it is. */
  readonly rewrite?: Rewrite;
  /** New names of values, without the prefix, by their names in the source. */
  readonly names?: ReadonlyMap<string, string>;
}

/**
 * Copies the nodes of `source` into `target`. Shapes are inferred anew, so that a source with a symbolic batch becomes
 * one with the batch of the values bound to its inputs.
 * @returns the value of the target for each value of the source, by the source's name
 */
export function copyGraph(
  target: Graph,
  source: Graph,
  { bindings, prefix, rewrite, names = new Map() }: CopyOptions,
): Map<string, Value> {
  const copies = new Map(bindings);
  const copyOf = (value: Value): Value => {
    const existing = copies.get(value.name);
    if (existing) return existing;
    const tensor = source.initializers.get(value.name);
    if (!tensor) throw new DistilleryError('INTERNAL', `Nothing stands for '${value.name}' in the copied graph.`);
    const copy = target.initializer(prefix + value.name, tensor, source.isConstant(value.name));
    copies.set(value.name, copy);
    return copy;
  };
  for (const node of source.nodes) {
    const inputs = node.inputs.map((input) => input && copyOf(input));
    const named = node.outputs.map((output) => output && { ...output, name: names.get(output.name) ?? output.name });
    const outputs =
      rewrite?.({ ...node, outputs: named }, inputs) ?? copyNode(target, { ...node, outputs: named }, inputs, prefix);
    node.outputs.forEach((output, index) => {
      const copy = outputs[index];
      if (output && copy) copies.set(output.name, copy);
    });
  }
  return copies;
}

/** Adds a node like `node` that reads `inputs`, its name and its outputs' with the prefix. Returns its outputs. */
export function copyNode(
  target: Graph,
  node: Node,
  inputs: readonly (Value | undefined)[],
  prefix: string,
): readonly (Value | undefined)[] {
  const options = {
    name: prefix + node.name,
    domain: node.domain,
    attributes: node.attributes,
    outputs: node.outputs.map((output) => (output ? prefix + output.name : '')),
  };
  const outputs = node.outputs.map((output) => output ?? { type: 'float32' as const, shape: [] });
  // What a branch or a loop gives is as the file declares it.
  const isNested = Object.values(node.attributes).some(({ kind }) => kind === 'graph');
  if (isNested) return target.node(node.operator, inputs, { ...options, results: outputs });
  if (!isReadAlike(node, inputs)) return target.node(node.operator, inputs, options);
  // To whole blocks of channels a file fills up without saying of which size; only who made the node knows.
  if (node.operator === 'ReorderInput') return target.node(node.operator, inputs, { ...options, results: outputs });
  // What is computed from a batch that is still open cannot always be inferred, or not as well as where it was found: from trials of the batch.
  return target.node(node.operator, inputs, hasOpenOutput(node) ? { ...options, fallback: outputs } : options);
}

function hasOpenOutput({ outputs }: Node): boolean {
  return outputs.some((output) => output?.shape.some((dimension) => typeof dimension === 'string'));
}

/** Whether a node would read values of the very types and shapes that it was made with. */
function isReadAlike(node: Node, inputs: readonly (Value | undefined)[]): boolean {
  return node.inputs.every((original, index) => {
    const input = inputs[index];
    return original?.type === input?.type && original?.shape.join() === input?.shape.join();
  });
}

/**
 * A copy of a whole graph in which some nodes are replaced. Inputs, outputs and all other values keep their names and
 * their order, but for values that are outputs under another name: they take that name, which saves copying them.
 */
export function rewriteGraph(source: Graph, build?: (target: Graph) => Rewrite): Graph {
  const target = new Graph();
  target.reserve(source.names);
  // Nodes are named after their outputs, and an output may have been renamed since.
  target.reserve(source.nodes.map((node) => node.name));
  const bindings = new Map(
    source.inputs.map((input) => [input.name, target.input(input.name, input.type, input.shape)]),
  );
  const names = outputNames(source);
  const copied = new Set(names.values());
  const replace = build?.(target);
  const copies = copyGraph(target, source, {
    bindings,
    prefix: '',
    names,
    rewrite: (node, inputs) =>
      copied.has(node.outputs[0]?.name ?? '') && node.operator === 'Identity' ? inputs : replace?.(node, inputs),
  });
  for (const output of source.outputs) {
    const copy = copies.get(output.name);
    if (!copy) throw new DistilleryError('INTERNAL', `The copy lost the output '${output.name}'.`);
    target.output(copy, output.name);
  }
  return target;
}

/** The names of outputs by the names of the values that a node computes and an Identity hands out. */
function outputNames(graph: Graph): ReadonlyMap<string, string> {
  const outputs = new Set(graph.outputs.map((output) => output.name));
  const names = new Map<string, string>();
  for (const output of graph.outputs) {
    const producer = graph.producer(output);
    const [value] = producer?.operator === 'Identity' ? producer.inputs : [];
    if (value && graph.producer(value) && !outputs.has(value.name) && !names.has(value.name)) {
      names.set(value.name, output.name);
    }
  }
  return names;
}
