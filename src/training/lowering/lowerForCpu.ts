import { rewriteGraph } from '../../onnx/copy.ts';
import type { Graph } from '../../onnx/graph.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { blockChannels } from './blocks/blockChannels.ts';
import { blockConvolutions } from './blocks/blockConvolutions.ts';
import { blockElements } from './blocks/blockElements.ts';
import { fuseIntoConvolutions } from './blocks/fuseIntoConvolutions.ts';
import { BlockedImages } from './blocks/blockedImages.ts';
import { blockPools } from './blocks/blockPools.ts';
import { blockRows } from './blocks/blockRows.ts';
import { blockSums } from './blocks/blockSums.ts';
import { blockTransposedConvolutions } from './blocks/blockTransposedConvolutions.ts';
import { blockScaledSums } from './blocks/blockScaledSums.ts';
import { deferReorders } from './blocks/deferReorders.ts';
import { rampMasks } from './blocks/rampMasks.ts';
import { multiplyRows } from './multiplyRows.ts';
import { sumRows } from './sumRows.ts';
import { countReaders } from '../../onnx/readers.ts';

/**
 * Replaces patterns of portable operators by faster ones that only ONNX Runtime's CPU provider has. What lies between
 * convolutions is computed in blocks, too, so that images are not reordered before and after each.
 *
 * @param block channels of one block: 16 with AVX-512, otherwise 8
 */
export function lowerForCpu(graph: Graph, block: number): Graph {
  const readers = countReaders(graph);
  const lowered = rewriteGraph(graph, (target) => {
    const images = new BlockedImages(target, block);
    const rewrites = [
      blockConvolutions(target, images),
      blockTransposedConvolutions(target, images, readers),
      blockChannels(target, images),
      fuseIntoConvolutions(target, images, { graph, readers }),
      rampMasks(target, images),
      blockElements(target, images),
      blockPools(target, images),
      blockRows(target, images),
      blockSums(target, images, readers),
      blockScaledSums(target, block, readers),
      multiplyRows(target, readers),
      sumRows(target),
    ];
    return (node, inputs) => {
      for (const rewrite of rewrites) {
        const outputs = rewrite(node, inputs);
        if (outputs) return outputs;
      }
      return undefined;
    };
  });
  const pruned = pruneGraph(lowered);
  deferReorders(pruned);
  return pruned;
}
