import { rewriteGraph } from '../../../onnx/copy.ts';
import type { Graph } from '../../../onnx/graph.ts';
import { roundHalves } from './roundHalves.ts';
import { sumHalves } from './sumHalves.ts';

/** Whether a graph computes with numbers of half precision anywhere. */
export function hasHalves(graph: Graph): boolean {
  return graph.nodes.some(({ outputs }) => outputs.some((output) => output?.type === 'float16'));
}

/** Brings a graph with numbers of half precision into a form that computes them as it should; any other is returned as it is. */
export function lowerHalves(graph: Graph, device: 'cpu' | 'accelerator'): Graph {
  if (!hasHalves(graph)) return graph;
  const summed = rewriteGraph(graph, sumHalves);
  return device === 'cpu' ? rewriteGraph(summed, roundHalves) : summed;
}
