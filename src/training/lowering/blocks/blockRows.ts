import { reshape, transpose } from '../../../autodiff/layout.ts';
import { intsOf } from '../../../onnx/attributes.ts';
import type { Rewrite } from '../../../onnx/copy.ts';
import { dimensionsOf, int, type Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';
import { blockedDomain as domain } from './blockedDomain.ts';
import { reshapeSource, type BlockedImages } from './blockedImages.ts';

/**
 * Brings an image's rows before its channels, [N, h, C, w], while it leaves its blocks; or those of several samples together,
 * [N / samples, h, C, samples, w]. In blocks a row of one block is an image of one row, so that what reorders images does it, and where there
 * are several blocks or samples only whole rows of blocks are moved before.
 */
export function blockRows(graph: Graph, images: BlockedImages): Rewrite {
  return (node, [value]) => {
    const order = node.operator === 'Transpose' ? intsOf(node, 'perm')?.join() : undefined;
    const image = order === '0,2,1,3' ? value : order === '0,3,2,1,4' ? imageOfSamples(graph, value) : undefined;
    const blocked = image && images.fits(image) ? images.find(image) : undefined;
    const [output] = node.outputs;
    if (!blocked || !image || !value || !output) return undefined;
    const [batch = 1, channels = 1, height = 1, width = 1] = dimensionsOf(blocked);
    const samples = batch / Number(value.shape[0]);
    const blocks = channels / images.block;
    const run = width * images.block;
    // ONNX Runtime copies what has axes of one entry moved, too.
    const [apart, moved] =
      samples > 1
        ? ([
            [batch / samples, samples, blocks, height, run],
            [0, 3, 2, 1, 4],
          ] as const)
        : ([[batch, blocks, height, run], blocks > 1 ? [0, 2, 1, 3] : [0, 1, 2, 3]] as const);
    const ordered = transpose(graph, reshape(graph, blocked, apart), moved);
    const rows = reshape(graph, ordered, [(batch / samples) * height, channels, 1, samples * width]);
    const plain = graph.op('ReorderOutput', [rows], { channels: int(channels) }, { domain });
    return [graph.op('Reshape', [plain, graph.integers(dimensionsOf(output))], {}, { outputs: [output.name] })];
  };
}

/** The image [N, C, h, w] that was made [N / samples, samples, C, h, w]. */
function imageOfSamples(graph: Graph, value: Value | undefined): Value | undefined {
  const image = value && reshapeSource(graph, value);
  const [groups = 1, samples = 1, ...others] = value ? dimensionsOf(value) : [];
  return image?.shape.join() === [groups * samples, ...others].join() ? image : undefined;
}
