import { reshape } from '../../../autodiff/layout.ts';
import { floatOf, intOf } from '../../../onnx/attributes.ts';
import type { Rewrite } from '../../../onnx/copy.ts';
import { dimensionsOf, int, ints, type Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { elementCount, floatTensor } from '../../../onnx/tensor.ts';
import { blockedDomain as domain } from './blockedDomain.ts';
import type { BlockedImages } from './blockedImages.ts';

/** What every channel is multiplied by and what is added to it then, [C] each; or what every channel of every sample is multiplied by, [N, C, 1, 1]. */
interface Affine {
  readonly image: Value;
  readonly factors: Value;
  readonly summands?: Value;
}

/**
 * Multiplies and shifts the channels of images in blocks (a normalisation by given statistics, a sum with or a product by
 * one number per channel) by a convolution of one entry and one channel per group. Where every sample has numbers of its own (what squeezes
 * and excites, a global pool's gradient with a mask), samples are further channels of one image.
 */
export function blockChannels(graph: Graph, images: BlockedImages): Rewrite {
  return (node, inputs) => {
    const affine = node.domain === '' ? affineOf(graph, node, inputs) : undefined;
    const blocked = affine && images.fits(affine.image) ? images.find(affine.image) : undefined;
    if (!affine || !blocked) return undefined;
    const [batch = 1, channels = 1, ...spatial] = dimensionsOf(blocked);
    const count = elementCount(dimensionsOf(affine.factors));
    const output = graph.op(
      'Conv',
      [
        reshape(graph, blocked, [(batch * channels) / count, count, ...spatial]),
        reshape(graph, affine.factors, [count, 1, 1, 1]),
        ...(affine.summands ? [affine.summands] : []),
      ],
      { group: int(count), kernel_shape: ints([1, 1]) },
      { domain },
    );
    return [images.restore(reshape(graph, output, dimensionsOf(blocked)), node.outputs[0]?.name ?? '')];
  };
}

function affineOf(graph: Graph, node: Node, inputs: readonly (Value | undefined)[]): Affine | undefined {
  const [first, second] = inputs;
  if (!first || !second) return undefined;
  switch (node.operator) {
    case 'BatchNormalization':
      return intOf(node, 'training_mode', 0) === 0 ? normalization(graph, node, inputs) : undefined;
    case 'Mul':
      return (
        perChannel(graph, node, first, second) ??
        perChannel(graph, node, second, first) ??
        perSample(graph, first, second) ??
        perSample(graph, second, first)
      );
    case 'Add':
      return perChannel(graph, node, first, second) ?? perChannel(graph, node, second, first);
    case 'Sub':
      return perChannel(graph, node, first, second);
    default:
      return undefined;
  }
}

/** scale · (x − mean) / √(variance + ε) + bias as one factor and one summand. */
function normalization(graph: Graph, node: Node, inputs: readonly (Value | undefined)[]): Affine | undefined {
  const [image, scale, bias, mean, variance] = inputs;
  if (!image || !scale || !bias || !mean || !variance) return undefined;
  const epsilon = graph.scalar(floatOf(node, 'epsilon', 1e-5), scale);
  const factors = graph.op('Div', [scale, graph.op('Sqrt', [graph.op('Add', [variance, epsilon])])]);
  return { image, factors, summands: graph.op('Sub', [bias, graph.op('Mul', [mean, factors])]) };
}

/** The image with a number for each of its channels, [1, C, 1, 1] or [C, 1, 1]. */
function perChannel(graph: Graph, node: Node, image: Value, numbers: Value): Affine | undefined {
  const [, channels = 1] = image.shape.map(Number);
  const shape = numbers.shape.map(Number);
  const [axis = 1, ...others] = shape.slice(-3);
  if (image.shape.length !== 4 || shape.length < 3 || channels === 1) return undefined;
  if (axis !== channels || others.some((size) => size !== 1) || (shape.length === 4 && shape[0] !== 1))
    return undefined;
  const vector = reshape(graph, numbers, [channels]);
  if (node.operator === 'Mul') return { image, factors: vector };
  const ones = graph.constant(floatTensor(new Float32Array(channels).fill(1)));
  return { image, factors: ones, summands: node.operator === 'Sub' ? graph.op('Neg', [vector]) : vector };
}

/** The image with a number for each channel of each sample, [N, C, 1, 1], expanded or not. */
function perSample(graph: Graph, image: Value, numbers: Value): Affine | undefined {
  const producer = graph.producer(numbers);
  const factors = producer?.operator === 'Expand' ? producer.inputs[0] : numbers;
  const [batch, channels, ...spatial] = image.shape;
  const isPerSample = spatial.length === 2 && factors?.shape.join() === [batch, channels, 1, 1].join();
  return factors && isPerSample ? { image, factors } : undefined;
}
