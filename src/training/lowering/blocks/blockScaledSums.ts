import { expand, reshape } from '../../../autodiff/layout.ts';
import type { Rewrite } from '../../../onnx/copy.ts';
import { dimensionsOf, int, ints, type Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';
import type { Readers } from '../../../onnx/readers.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import { blockedDomain as domain } from './blockedDomain.ts';

/** Smaller values gain nothing. */
const smallest = 2 ** 14;

/**
 * Computes a · x + b in one pass, x of an image's shape, a and b numbers: as a convolution of one entry and one channel per group that adds a
 * bias. The order of the elements is of no importance, so that it need not be in blocks. The denominator of Adam is such a sum. A sum with
 * another image is not computed so: where it is an output of the graph, as Adam's moments are, one thread alone copies the other image there first.
 *
 * @param readers of the graph that is rewritten: who else reads the product
 */
export function blockScaledSums(graph: Graph, block: number, readers: Readers): Rewrite {
  return (node, [first, second]) => {
    if (node.operator !== 'Add' || node.domain !== '' || !first || !second || first.type !== 'float32')
      return undefined;
    for (const [product, summand] of [[first, second] as const, [second, first] as const]) {
      const scaled = readers.get(product.name) === 1 ? scaledImage(graph, product, block) : undefined;
      if (!scaled) continue;
      if (elementCount(dimensionsOf(summand)) !== 1) continue;
      const { image, factor } = scaled;
      const channels = dimensionsOf(image)[1] ?? 1;
      const weights = expand(graph, reshape(graph, factor, [1, 1, 1, 1]), [channels, 1, 1, 1]);
      const bias = expand(graph, reshape(graph, summand, [1]), [channels]);
      const attributes = { group: int(channels), kernel_shape: ints([1, 1]) };
      const outputs = [node.outputs[0]?.name ?? ''];
      return [graph.op('Conv', [image, weights, bias], attributes, { domain, outputs })];
    }
    return undefined;
  };
}

/** The image and the number whose product this is. */
function scaledImage(
  graph: Graph,
  product: Value,
  block: number,
): { readonly image: Value; readonly factor: Value } | undefined {
  const producer = graph.producer(product);
  const [image, factor] = producer?.inputs ?? [];
  if (producer?.operator !== 'Mul' || producer.domain !== '' || !image || !factor) return undefined;
  const shape = dimensionsOf(image);
  const fills = shape.length === 4 && (shape[1] ?? 1) % block === 0 && elementCount(shape) >= smallest;
  return fills && factor.shape.length <= 1 && elementCount(dimensionsOf(factor)) === 1 ? { image, factor } : undefined;
}
