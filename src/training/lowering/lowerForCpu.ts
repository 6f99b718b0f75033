import { rewriteGraph } from '../../onnx/copy.ts';
import type { Graph } from '../../onnx/graph.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { blockConvolutions } from './blockedConvolution.ts';
import { multiplyRows } from './sumOfProducts.ts';

/** Replaces patterns of portable operators by faster ones that only ONNX Runtime's CPU provider has. */
export function lowerForCpu(graph: Graph, block: number): Graph {
  const lowered = rewriteGraph(graph, (target) => {
    const rewrites = [blockConvolutions(target, block), multiplyRows(target, graph)];
    return (node, inputs) => {
      for (const rewrite of rewrites) {
        const outputs = rewrite(node, inputs);
        if (outputs) return outputs;
      }
      return undefined;
    };
  });
  return pruneGraph(lowered);
}
