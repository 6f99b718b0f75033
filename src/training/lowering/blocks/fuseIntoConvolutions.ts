import type { Rewrite } from '../../../onnx/copy.ts';
import type { Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { blockedDomain as domain } from './blockedDomain.ts';
import type { BlockedImages } from './blockedImages.ts';
import type { Readers } from '../../../onnx/readers.ts';
import { SharedMemory } from '../sharedMemory.ts';
import { selectEntry } from './selectEntry.ts';

/** What is known of the graph that is rewritten, in the order in which it is computed. */
interface Rewritten {
  readonly graph: Graph;
  readonly readers: Readers;
}

/**
 * Lets a blocked convolution add another image to its result, or cut off what is negative, while it writes it. ONNX Runtime writes the sum into the
 * other image itself where that can be forgotten, and copies it by one thread where it cannot: then a convolution of one entry,
 * which several threads share, makes a copy that can be.
 */
export function fuseIntoConvolutions(
  graph: Graph,
  images: BlockedImages,
  { graph: source, readers }: Rewritten,
): Rewrite {
  const memory = new SharedMemory(source.nodes);
  const kept = new Set(source.outputs.map((output) => memory.ownerOf(output)));
  const isForgottenAt = (image: Value, { outputs: [output] }: Node): boolean => {
    const owner = memory.ownerOf(image);
    return output !== undefined && memory.lastReader(owner) === memory.readyAt(output) && !kept.has(owner);
  };
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
      const overwritten = isForgottenAt(other, node) ? summand : selectEntry(graph, summand, images.block);
      return fuse(node, { ...convolution, inputs: [x, weights, bias, overwritten] });
    }
    return undefined;
  };
}
