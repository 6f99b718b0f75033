import { rewriteGraph } from '../../../onnx/copy.ts';
import type { Graph } from '../../../onnx/graph.ts';
import { composeMissing } from './composeMissing.ts';
import { splitInTurns } from './splitInTurns.ts';

/** Replaces what ONNX Runtime's WebGPU provider (1.30) refuses, or leaves to the CPU, by what it computes itself. */
export function lowerForWebgpu(graph: Graph): Graph {
  return rewriteGraph(graph, (target) => {
    const rewrites = [splitInTurns(target), composeMissing(target)];
    return (node, inputs) => {
      for (const rewrite of rewrites) {
        const outputs = rewrite(node, inputs);
        if (outputs) return outputs;
      }
      return undefined;
    };
  });
}
