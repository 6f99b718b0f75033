import type { Graph } from '../graph.ts';
import { numericShape } from '../shapes/rule.ts';

/**
 * Whether nobody can tell, before a network computes, that it comes to an end and how much memory it takes: it has graphs in its nodes (a loop
 * may have no end) or values whose sizes depend on others.
 *
 * @param graph with the batch that it is to run on
 */
export function mayNotEnd(graph: Graph): boolean {
  return graph.nodes.some(
    ({ attributes, outputs }) =>
      Object.values(attributes).some(({ kind }) => kind === 'graph') ||
      outputs.some((value) => value && !numericShape(value.shape)),
  );
}
