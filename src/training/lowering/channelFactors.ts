import { reshape } from '../../autodiff/layout.ts';
import { intOf, intsOf } from '../../onnx/attributes.ts';
import type { Rewrite } from '../../onnx/copy.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { toNumbers } from '../../onnx/tensor.ts';

/** An image and a factor for each of its channels, [C]. */
export interface FactoredImage {
  readonly image: Value;
  readonly factors: Value;
}

/** What a product of an image [N, C, …] with one number per channel is made of. */
export function factorsOfChannels(graph: Graph, value: Value): FactoredImage | undefined {
  const producer = graph.producer(value);
  const [first, second] = producer?.inputs ?? [];
  if (producer?.operator !== 'Mul' || producer.domain !== '' || !first || !second || value.shape.length < 3)
    return undefined;
  const alone = value.shape.map((size, axis) => (axis === 1 ? size : 1)).join();
  if (second.shape.join() !== alone || first.shape.join() !== value.shape.join()) return undefined;
  return { image: first, factors: reshape(graph, second, [dimensionsOf(second)[1] ?? 1]) };
}

/**
 * Multiplies a convolution's kernel instead of the channels of its image, which are many more numbers: a normalisation's gradient ends with
 * such a product. The image's product stays in the graph, unread unless others read it.
 */
export function foldChannelFactors(graph: Graph): Rewrite {
  return (node, [value, weights, ...others]) => {
    const isTransposed = node.operator === 'ConvTranspose';
    if ((node.operator !== 'Conv' && !isTransposed) || node.domain !== '' || !value || !weights) return undefined;
    const factored = factorsOfChannels(graph, value);
    const axis = channelAxis(isTransposed, intOf(node, 'group', 1), weights);
    if (!factored || axis === undefined) return undefined;
    const { image, factors } = factored;
    return graph.node(node.operator, [image, multiplyAxis(graph, weights, factors, axis), ...others], {
      attributes: node.attributes,
      name: node.name,
      outputs: [node.outputs[0]?.name ?? ''],
    });
  };
}

/**
 * The kernels with every entry of an axis multiplied. Where they are others exchanged and reversed, those are multiplied, so that what brings
 * kernels into blocks sees what they are.
 */
function multiplyAxis(graph: Graph, kernels: Value, factors: Value, axis: number): Value {
  const producer = graph.producer(kernels);
  const [source, ...numbers] = producer?.inputs ?? [];
  if (producer?.operator === 'Transpose' && source) {
    const before = intsOf(producer, 'perm')?.[axis] ?? axis;
    return graph.op('Transpose', [multiplyAxis(graph, source, factors, before)], producer.attributes);
  }
  const axes = numbers[2] && graph.known.get(numbers[2].name);
  if (producer?.operator === 'Slice' && source && axes && !toNumbers(axes).includes(axis)) {
    return graph.op('Slice', [multiplyAxis(graph, source, factors, axis), ...numbers]);
  }
  const shape = kernels.shape.map((_, index) => (index === axis ? (dimensionsOf(factors)[0] ?? 1) : 1));
  return graph.op('Mul', [kernels, reshape(graph, factors, shape)]);
}

/** The axis of the kernel that the image's channels lie on; undefined where they are spread over groups. */
function channelAxis(isTransposed: boolean, groups: number, weights: Value): number | undefined {
  const [filters, perGroup] = dimensionsOf(weights);
  if (isTransposed) return 0;
  if (groups === 1) return 1;
  return perGroup === 1 && filters === groups ? 0 : undefined;
}
