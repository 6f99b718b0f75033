import { intOf, intsOf } from '../../onnx/attributes.ts';
import type { Rewrite } from '../../onnx/copy.ts';
import { dimensionsOf, int, type Graph, type Node, type Value } from '../../onnx/graph.ts';

/** Operators of ONNX Runtime's CPU provider on images whose channels are stored in blocks. */
const domain = 'com.microsoft.nchwc';

/**
 * Replaces 2-D convolutions by ONNX Runtime's blocked ones, with the weights brought into blocks inside the graph.
 * ONNX Runtime does this by itself only where the weights are constant, which they are not in training.
 *
 * @param block channels of one block: 16 with AVX-512, otherwise 8
 */
export function blockConvolutions(graph: Graph, block: number): Rewrite {
  return (node, [image, weights, bias]) => {
    if (node.operator !== 'Conv' || node.domain !== '' || !image || !weights || !isBlockable(node, weights, block))
      return undefined;
    const [filters = 1, channels = 1] = dimensionsOf(weights);
    // Images of few channels (colour) are taken as they are.
    const wide = channels >= block;
    const inputs = [
      wide ? graph.op('ReorderInput', [image], {}, { domain }) : image,
      wide ? blockBoth(graph, weights, block) : blockFilters(graph, weights, block),
      ...(bias ? [bias] : []),
    ];
    const blocked = graph.op('Conv', inputs, node.attributes, { domain, name: `${node.name}.blocked` });
    const [output] = node.outputs;
    return [
      graph.op('ReorderOutput', [blocked], { channels: int(filters) }, { domain, outputs: [output?.name ?? ''] }),
    ];
  };
}

function isBlockable(node: Node, weights: Value, block: number): boolean {
  const [filters = 1, channels = 1, ...kernel] = dimensionsOf(weights);
  const dilated = intsOf(node, 'dilations')?.some((dilation) => dilation !== 1) ?? false;
  const channelsFit = channels % block === 0 || channels < block;
  return kernel.length === 2 && intOf(node, 'group', 1) === 1 && !dilated && filters % block === 0 && channelsFit;
}

/** [O, I, h, w] → blocks of input and output channels: [O/b, I/b, h, w, b (in), b (out)], under the old shape. */
function blockBoth(graph: Graph, weights: Value, block: number): Value {
  const [filters = 1, channels = 1, height = 1, width = 1] = dimensionsOf(weights);
  const apart = [filters / block, block, channels / block, block, height, width];
  return rearrange(graph, weights, apart, [0, 2, 4, 5, 3, 1]);
}

/** [O, I, h, w] → blocks of output channels: [O/b, I, h, w, b], under the old shape. */
function blockFilters(graph: Graph, weights: Value, block: number): Value {
  const [filters = 1, channels = 1, height = 1, width = 1] = dimensionsOf(weights);
  return rearrange(graph, weights, [filters / block, block, channels, height, width], [0, 2, 3, 4, 1]);
}

function rearrange(graph: Graph, value: Value, apart: readonly number[], order: readonly number[]): Value {
  const split = graph.op('Reshape', [value, graph.integers(apart)]);
  const ordered = graph.op('Transpose', [split], { perm: { kind: 'ints', value: order } });
  return graph.op('Reshape', [ordered, graph.integers(dimensionsOf(value))]);
}
