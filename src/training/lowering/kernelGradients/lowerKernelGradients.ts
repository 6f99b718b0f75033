import type { Rewrite } from '../../../onnx/copy.ts';
import { dimensionsOf, type Graph } from '../../../onnx/graph.ts';
import { correlateBlocks } from './correlateBlocks.ts';
import { correlateChannels } from './correlateChannels.ts';
import { findCorrelation } from './findCorrelation.ts';
import { multiplyPerOffset } from './multiplyPerOffset.ts';

/**
 * Replaces the gradients of convolutions' kernels by the fastest form for their shapes. The convolutions of exchanged
 * images stay in the graph, unread.
 *
 * @param block channels of one block of the CPU provider's blocked convolutions; undefined on other devices
 */
export function lowerKernelGradients(graph: Graph, block: number | undefined): Rewrite {
  return (node, inputs) => {
    const correlation = findCorrelation(graph, node, inputs);
    if (!correlation) return undefined;
    const { large, groups } = correlation;
    const oneChannelPerGroup = groups > 1 && dimensionsOf(large)[1] === groups;
    const blocked = block === undefined ? undefined : correlateBlocks(graph, correlation, block);
    const gradient = oneChannelPerGroup
      ? correlateChannels(graph, correlation)
      : (blocked ?? multiplyPerOffset(graph, correlation));
    return [graph.op('Identity', [gradient], {}, { outputs: [node.outputs[0]?.name ?? ''] })];
  };
}
