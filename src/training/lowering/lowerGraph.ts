import { rewriteGraph } from '../../onnx/copy.ts';
import type { Graph } from '../../onnx/graph.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { foldChannelFactors } from './channelFactors.ts';
import { lowerKernelGradients } from './kernelGradients/lowerKernelGradients.ts';
import { lowerFakeQuantization } from './lowerFakeQuantization.ts';
import { lowerForCpu } from './lowerForCpu.ts';

/**
 * Brings a graph into the form that ONNX Runtime computes fastest.
 * @param block channels of one block of the CPU provider's blocked convolutions; undefined on other devices
 */
export function lowerGraph(graph: Graph, block: number | undefined): Graph {
  const direct = pruneGraph(
    rewriteGraph(lowerFakeQuantization(graph), (target) => {
      const lowerGradient = lowerKernelGradients(target, block);
      const fold = foldChannelFactors(target);
      return (node, inputs) => lowerGradient(node, inputs) ?? fold(node, inputs);
    }),
  );
  return block === undefined ? direct : lowerForCpu(direct, block);
}
