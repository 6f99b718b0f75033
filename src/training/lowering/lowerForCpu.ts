import { rewriteGraph } from '../../onnx/copy.ts';
import type { Graph } from '../../onnx/graph.ts';
import { blockConvolutions } from './blockedConvolution.ts';

/** Replaces patterns of portable operators by faster ones that only ONNX Runtime's CPU provider has. */
export function lowerForCpu(graph: Graph, block: number): Graph {
  return rewriteGraph(graph, (target) => blockConvolutions(target, block));
}
