import type { Correlation } from '../../../autodiff/rules/kernelGradient.ts';
import { intOf, intsOf } from '../../../onnx/attributes.ts';
import { dimensionsOf, type Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { reshapeSource } from '../blocks/blockedImages.ts';

/**
 * What a kernel's gradient is made of when the node is the last of those that `kernelGradient` writes: a convolution of
 * two images whose batch and channels are exchanged, exchanged back.
 */
export function findCorrelation(
  graph: Graph,
  node: Node,
  inputs: readonly (Value | undefined)[],
): Correlation | undefined {
  const [exchanged] = inputs;
  const convolution = exchanged && graph.producer(exchanged);
  if (!exchanged || !exchangesBatch(node) || convolution?.operator !== 'Conv' || convolution.domain !== '')
    return undefined;
  const [image, kernel, bias] = convolution.inputs;
  const groups = intOf(convolution, 'group', 1);
  const small = kernel && exchangedSource(graph, kernel);
  const large = image && (groups === 1 ? exchangedSource(graph, image) : groupedSource(graph, image, groups));
  const strides = intsOf(convolution, 'dilations');
  const dilations = intsOf(convolution, 'strides');
  const pads = intsOf(convolution, 'pads');
  if (!small || !large || bias || !strides || !dilations || !pads) return undefined;
  const rank = strides.length;
  return {
    large,
    small,
    groups,
    window: {
      kernel: dimensionsOf(exchanged).slice(2),
      strides,
      dilations,
      padsBegin: pads.slice(0, rank),
      padsEnd: pads.slice(rank),
    },
  };
}

/** Whether the node exchanges batch and channels. */
function exchangesBatch(node: Node): boolean {
  const order = node.operator === 'Transpose' ? intsOf(node, 'perm') : undefined;
  return order?.[0] === 1 && order[1] === 0 && order.slice(2).every((axis, index) => axis === index + 2);
}

/** The image whose batch and channels were exchanged for this one. */
function exchangedSource(graph: Graph, value: Value): Value | undefined {
  const producer = graph.producer(value);
  return producer && exchangesBatch(producer) ? producer.inputs[0] : undefined;
}

/** The image [N, groups · K, …] whose groups' samples are the channels of this one, [K, groups · N, …]. */
function groupedSource(graph: Graph, value: Value, groups: number): Value | undefined {
  const exchanged = reshapeSource(graph, value) ?? value;
  const transposition = graph.producer(exchanged);
  const order = transposition?.operator === 'Transpose' ? intsOf(transposition, 'perm') : undefined;
  const [grouped] = transposition?.inputs ?? [];
  if (order?.slice(0, 3).join() !== '2,1,0' || grouped?.shape[1] !== groups) return undefined;
  const image = reshapeSource(graph, grouped) ?? grouped;
  const [batch = 1, , perGroup = 1, ...spatial] = dimensionsOf(grouped);
  return image.shape.join() === [batch, groups * perGroup, ...spatial].join() ? image : undefined;
}
