import type { Graph } from '../../onnx/graph.ts';

/** How often each value is read, by nodes and as an output of the graph; by its name. */
export function countReaders(graph: Graph): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const count = (name: string): void => void readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const node of graph.nodes) for (const input of node.inputs) if (input) count(input.name);
  for (const output of graph.outputs) count(output.name);
  return readers;
}
