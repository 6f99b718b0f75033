import type { Rewrite } from '../../../onnx/copy.ts';
import type { Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { blockedDomain as domain } from './blockedDomain.ts';
import type { BlockedImages } from './blockedImages.ts';
import type { Readers } from '../../../onnx/readers.ts';

/**
 * Lets a blocked convolution add another image to its result, or cut off what is negative, while it writes it.
 * @param readers of the graph that is rewritten: who else reads the result
 */
export function fuseIntoConvolutions(graph: Graph, images: BlockedImages, readers: Readers): Rewrite {
  /** The blocked convolution that made an image which nobody else reads. */
  const convolutionOf = (image: Value): Node | undefined => {
    const blocked = images.find(image);
    const node = blocked && graph.producer(blocked);
    const isFree = node?.operator === 'Conv' && node.domain === domain && node.attributes['activation'] === undefined;
    return isFree && images.fits(image) && readers.get(image.name) === 1 ? node : undefined;
  };
  const fuse = (node: Node, { inputs, attributes }: Pick<Node, 'inputs' | 'attributes'>): readonly Value[] => {
    const fused = graph.op('Conv', inputs, attributes, { domain });
    return [images.restore(fused, node.outputs[0]?.name ?? '')];
  };
  return (node, [first, second]) => {
    if (node.domain !== '' || !first) return undefined;
    if (node.operator === 'Relu') {
      const convolution = convolutionOf(first);
      if (!convolution) return undefined;
      const attributes = { ...convolution.attributes, activation: { kind: 'string' as const, value: 'Relu' } };
      return fuse(node, { ...convolution, attributes });
    }
    if (node.operator !== 'Add' || first.shape.join() !== second?.shape.join()) return undefined;
    for (const [image, other] of [[first, second] as const, [second, first] as const]) {
      const convolution = convolutionOf(image);
      const summand = images.find(other);
      if (!convolution || !summand || convolution.inputs.length > 3) continue;
      const [x, weights, bias] = convolution.inputs;
      return fuse(node, { ...convolution, inputs: [x, weights, bias, summand] });
    }
    return undefined;
  };
}
