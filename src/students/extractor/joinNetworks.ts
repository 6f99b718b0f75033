import { DistilleryError } from '../../errors.ts';
import { copyGraph } from '../../onnx/copy.ts';
import { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { pruneGraph } from '../../onnx/prune.ts';

/**
 * One network of two: what the front gives goes into the head. It has the front's inputs and the head's outputs; the
 * head's weights and nodes are named with `head.` before them.
 *
 * @param front with one output
 * @param head with one input, of the shape of that output
 */
export function joinNetworks(front: Graph, head: Graph): Graph {
  const outputs = new Set(head.outputs.map(({ name }) => name));
  const isTaken = [...front.names].some((name) => outputs.has(name));
  const joined = isTaken ? renamed(front, 'extractor.') : pruneGraph(front);
  const [features] = joined.outputs;
  const [input] = head.inputs;
  if (!features || !input) throw new DistilleryError('INTERNAL', 'Networks are joined at one output and one input.');
  const copies = copyGraph(joined, head, { bindings: new Map([[input.name, features]]), prefix: freePrefix(joined) });
  joined.outputs.pop();
  for (const { name } of head.outputs) joined.output(copied(copies, name), name);
  return joined;
}

/** A copy of a graph whose values, but for the inputs, have `prefix` before their names. */
function renamed(graph: Graph, prefix: string): Graph {
  const copy = new Graph();
  const bindings = new Map(graph.inputs.map(({ name, type, shape }) => [name, copy.input(name, type, shape)]));
  const copies = copyGraph(copy, graph, { bindings, prefix });
  for (const { name } of graph.outputs) copy.output(copied(copies, name));
  return copy;
}

/** Networks that were joined before can be joined to another head. */
function freePrefix(graph: Graph): string {
  const names = [...graph.names];
  for (let number = 1; ; number++) {
    const prefix = number === 1 ? 'head.' : `head${number}.`;
    if (!names.some((name) => name.startsWith(prefix))) return prefix;
  }
}

function copied(copies: ReadonlyMap<string, Value>, name: string): Value {
  const copy = copies.get(name);
  if (!copy) throw new DistilleryError('INTERNAL', `The copy lost the output '${name}'.`);
  return copy;
}
