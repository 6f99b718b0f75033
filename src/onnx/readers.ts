import type { Graph } from './graph.ts';

/** How often each value is read, by its name. */
export type Readers = ReadonlyMap<string, number>;

/** Counts who reads each value of a graph: nodes, and the graph itself as an output. */
export function countReaders(graph: Graph): Readers {
  const readers = new Map<string, number>();
  const count = (name: string): void => void readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const node of graph.nodes) for (const input of node.inputs) if (input) count(input.name);
  for (const output of graph.outputs) count(output.name);
  return readers;
}
