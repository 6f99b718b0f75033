import { reshape } from '../../../autodiff/layout.ts';
import type { Rewrite } from '../../../onnx/copy.ts';
import { dimensionsOf, type Graph } from '../../../onnx/graph.ts';
import { factorsOfChannels } from '../channelFactors.ts';
import { correlateBlocks } from './correlateBlocks.ts';
import { correlateChannelBlocks, correlateChannels } from './correlateChannels.ts';
import { correlatePoints } from './correlatePoints.ts';
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
    const found = findCorrelation(graph, node, inputs);
    if (!found) return undefined;
    const factored = factorsOfChannels(graph, found.small);
    const correlation = { ...found, small: factored?.image ?? found.small };
    const { large, groups } = correlation;
    const oneChannelPerGroup = groups > 1 && dimensionsOf(large)[1] === groups;
    const blocked =
      block === undefined
        ? undefined
        : (correlatePoints(graph, correlation, block) ??
          correlateBlocks(graph, correlation, block) ??
          correlateChannelBlocks(graph, correlation, block));
    const gradient =
      blocked ?? (oneChannelPerGroup ? correlateChannels(graph, correlation) : multiplyPerOffset(graph, correlation));
    const outputs = [node.outputs[0]?.name ?? ''];
    if (!factored) return [graph.op('Identity', [gradient], {}, { outputs })];
    // The kernel's gradient is multiplied instead of the image's.
    const perFilter = gradient.shape.map((size, axis) => (axis === 0 ? Number(size) : 1));
    return [graph.op('Mul', [gradient, reshape(graph, factored.factors, perFilter)], {}, { outputs })];
  };
}
