import { reshape, transpose } from '../../../autodiff/layout.ts';
import { intsOf } from '../../../onnx/attributes.ts';
import type { Rewrite } from '../../../onnx/copy.ts';
import { dimensionsOf, int, type Graph } from '../../../onnx/graph.ts';
import { blockedDomain as domain } from './blockedDomain.ts';
import type { BlockedImages } from './blockedImages.ts';

/**
 * Brings an image's rows before its channels, [N, h, C, w], while it leaves its blocks: in blocks a row of one block is an image of one row,
 * so that what reorders images does it, and where there are several blocks only whole rows of them are moved before.
 */
export function blockRows(graph: Graph, images: BlockedImages): Rewrite {
  return (node, [image]) => {
    const exchanges = node.operator === 'Transpose' && intsOf(node, 'perm')?.join() === '0,2,1,3';
    const blocked = exchanges && image && images.fits(image) ? images.find(image) : undefined;
    if (!blocked) return undefined;
    const [batch = 1, channels = 1, height = 1, width = 1] = dimensionsOf(blocked);
    const apart = reshape(graph, blocked, [batch, channels / images.block, height, width * images.block]);
    const ordered = channels === images.block ? apart : transpose(graph, apart, [0, 2, 1, 3]);
    const rows = reshape(graph, ordered, [batch * height, channels, 1, width]);
    const plain = graph.op('ReorderOutput', [rows], { channels: int(channels) }, { domain });
    const shape = graph.integers([batch, height, channels, width]);
    return [graph.op('Reshape', [plain, shape], {}, { outputs: [node.outputs[0]?.name ?? ''] })];
  };
}
