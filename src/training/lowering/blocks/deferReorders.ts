import type { Graph } from '../../../onnx/graph.ts';
import type { Node } from '../../../onnx/node.ts';

/**
 * Puts what reorders an image back out of blocks right before the first node that reads it. Where that is the backward
 * pass, the forward pass does not leave the image twice, and activations that are to be forgotten are not needed early.
 */
export function deferReorders(graph: Graph): void {
  const deferred = new Map<string, Node>();
  const ordered: Node[] = [];
  for (const node of graph.nodes) {
    const [output] = node.outputs;
    if (node.operator === 'ReorderOutput' && output) {
      deferred.set(output.name, node);
      continue;
    }
    for (const input of node.inputs) {
      const reorder = input && deferred.get(input.name);
      if (!reorder) continue;
      deferred.delete(input.name);
      ordered.push(reorder);
    }
    ordered.push(node);
  }
  graph.nodes.splice(0, graph.nodes.length, ...ordered, ...deferred.values());
}
