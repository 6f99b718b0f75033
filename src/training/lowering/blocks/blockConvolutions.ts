import { reshape, transpose } from '../../../autodiff/layout.ts';
import { intOf, intsOf } from '../../../onnx/attributes.ts';
import type { Rewrite } from '../../../onnx/copy.ts';
import { dimensionsOf, type Graph } from '../../../onnx/graph.ts';
import type { Attributes, Value } from '../../../onnx/node.ts';
import { blockedDomain as domain } from './blockedDomain.ts';
import { toNumbers } from '../../../onnx/tensor.ts';
import { filled, type BlockedImages } from './blockedImages.ts';
import { orderRows } from './orderRows.ts';

/** Blocks are filled up with zeros up to this multiple of the channels; beyond, the plain convolution is faster. */
const mostFilling = 1.5;

/** How a convolution is computed in blocks. */
type Form =
  /** Input and output channels in blocks. */
  | 'wide'
  /** Images of few channels (colour), taken as they are; output channels in blocks. */
  | 'narrow'
  /** One channel per group; groups in blocks. */
  | 'depthwise';

/**
 * Replaces 2-D convolutions by ONNX Runtime's blocked ones, with the weights brought into blocks inside the graph.
 * ONNX Runtime does this by itself only where the weights are constant, which they are not in training.
 */
export function blockConvolutions(graph: Graph, images: BlockedImages): Rewrite {
  const { block } = images;
  return (node, [image, weights, bias]) => {
    if (node.operator === 'ReorderInput' && image) return [images.reorder(image)];
    if (node.operator !== 'Conv' || node.domain !== '' || !image || !weights) return undefined;
    const form = formOf(weights, intOf(node, 'group', 1), block);
    if (!form) return undefined;
    const blocked = buildConvolution(graph, images, form, { image, weights, bias, attributes: node.attributes });
    return [images.restore(blocked, node.outputs[0]?.name ?? '', dimensionsOf(weights)[0])];
  };
}

/**
 * A convolution of an image that fills its blocks, with weights that do, in blocks.
 * @param weights [M, C, h, w], or [C, 1, h, w] with one channel per group
 */
export function buildBlockedConvolution(
  graph: Graph,
  images: BlockedImages,
  image: Value,
  weights: Value,
  attributes: Attributes,
): Value {
  const form = dimensionsOf(weights)[1] === 1 ? 'depthwise' : 'wide';
  return buildConvolution(graph, images, form, { image, weights, bias: undefined, attributes });
}

interface Convolution {
  readonly image: Value;
  readonly weights: Value;
  readonly bias: Value | undefined;
  readonly attributes: Attributes;
}

function buildConvolution(
  graph: Graph,
  images: BlockedImages,
  form: Form,
  { image, weights, bias, attributes }: Convolution,
): Value {
  const { block } = images;
  const inputs = [
    form === 'narrow' ? image : images.reorder(image),
    form === 'depthwise' ? images.reorderKernels(weights) : blockWeights(graph, weights, form, block),
    ...(bias ? [fillAxis(graph, bias, 0, block)] : []),
  ];
  return graph.op('Conv', inputs, attributes, { domain });
}

function formOf(weights: Value, groups: number, block: number): Form | undefined {
  const [filters = 1, channels = 1, ...kernel] = dimensionsOf(weights);
  if (kernel.length !== 2) return undefined;
  if (groups > 1) return channels === 1 && groups === filters && groups % block === 0 ? 'depthwise' : undefined;
  if (filled(filters, block) > mostFilling * filters) return undefined;
  if (channels < block) return 'narrow';
  // ONNX Runtime reorders channels by fours.
  return channels % 4 === 0 && filled(channels, block) <= mostFilling * channels ? 'wide' : undefined;
}

function blockWeights(graph: Graph, weights: Value, form: 'wide' | 'narrow', block: number): Value {
  return form === 'wide' ? blockBoth(graph, weights, block) : blockFilters(graph, weights, block);
}

/** [O, I, h, w] → blocks of input and output channels: [O/b, I/b, h, w, b (in), b (out)], under the filled shape. */
function blockBoth(graph: Graph, weights: Value, block: number): Value {
  const whole = fillAxis(graph, fillAxis(graph, weights, 0, block), 1, block);
  const [filters = 1, channels = 1, height = 1, width = 1] = dimensionsOf(whole);
  const exchanged = exchangedKernels(graph, whole);
  if (height * width === 1) {
    // Filters of a block as the channels of an image, input channels as its columns: what reorders images is faster.
    const image = graph.op('Reshape', [whole, graph.integers([filters / block, block, 1, channels])]);
    const shape = dimensionsOf(image);
    const blocked = graph.op('ReorderInput', [image], {}, { domain, results: [{ type: image.type, shape }] });
    return graph.op('Reshape', [blocked, graph.integers([filters, channels, 1, 1])]);
  }
  const area = height * width;
  const rowsOf = (kernels: Value, rows: number) => transpose(graph, reshape(graph, kernels, [rows, -1]), [1, 0]);
  // Rows of a block of filters: [h · w, I/b, b, O/b] and [I/b, b, h · w, O/b].
  const ordered = exchanged
    ? orderRows(graph, rowsOf(exchanged, channels * filters), [area, channels / block, block, filters / block], {
        order: [3, 1, 0, 2],
        reversed: 0,
      })
    : orderRows(graph, rowsOf(whole, filters), [channels / block, block, area, filters / block], {
        order: [3, 0, 2, 1],
      });
  return reshape(graph, ordered, [filters, channels, height, width]);
}

/** The kernels [I, O, h, w] of which these are the exchanged and reversed ones, as an input's gradient meets them: both are done while they are ordered. */
function exchangedKernels(graph: Graph, kernels: Value): Value | undefined {
  const exchange = graph.producer(kernels);
  const [reversed] = exchange?.inputs ?? [];
  const reversal = reversed && graph.producer(reversed);
  if (exchange?.operator !== 'Transpose' || intsOf(exchange, 'perm')?.join() !== '1,0,2,3') return undefined;
  if (reversal?.operator !== 'Slice') return undefined;
  const [source, ...numbers] = reversal.inputs;
  const [starts, , axes, steps] = numbers.map((value) => {
    const known = value && graph.known.get(value.name);
    return known && toNumbers(known).join();
  });
  const isWhole = source?.shape.join() === reversed?.shape.join();
  return isWhole && starts === '-1,-1' && axes === '2,3' && steps === '-1,-1' ? source : undefined;
}

/** [O, I, h, w] → blocks of output channels: [O/b, I, h, w, b], under the filled shape. */
function blockFilters(graph: Graph, weights: Value, block: number): Value {
  const whole = fillAxis(graph, weights, 0, block);
  const [filters = 1, channels = 1, height = 1, width = 1] = dimensionsOf(whole);
  const apart = reshape(graph, whole, [filters / block, block, channels, height, width]);
  return reshape(graph, transpose(graph, apart, [0, 2, 3, 4, 1]), [filters, channels, height, width]);
}

/** Zeros at the end of an axis up to a whole number of blocks. */
function fillAxis(graph: Graph, value: Value, axis: number, block: number): Value {
  const shape = dimensionsOf(value);
  const size = shape[axis] ?? 0;
  const missing = filled(size, block) - size;
  if (missing === 0) return value;
  const ends = shape.map((_, index) => (index === axis ? missing : 0));
  return graph.op('Pad', [value, graph.integers([...shape.map(() => 0), ...ends])]);
}
