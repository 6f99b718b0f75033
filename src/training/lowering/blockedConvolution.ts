import { intOf } from '../../onnx/attributes.ts';
import type { Rewrite } from '../../onnx/copy.ts';
import { dimensionsOf, int, type Graph, type Node, type Value } from '../../onnx/graph.ts';
import { blockedDomain as domain } from './blockedDomain.ts';

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
 *
 * @param block channels of one block: 16 with AVX-512, otherwise 8
 */
export function blockConvolutions(graph: Graph, block: number): Rewrite {
  const images = new BlockedImages(graph, block);
  return (node, [image, weights, bias]) => {
    if (node.operator === 'ReorderInput' && image) return [images.reorder(image)];
    if (node.operator !== 'Conv' || node.domain !== '' || !image || !weights) return undefined;
    const form = formOf(node, weights, block);
    if (!form) return undefined;
    const [filters = 1] = dimensionsOf(weights);
    const inputs = [
      form === 'narrow' ? image : images.reorder(image),
      form === 'depthwise' ? images.reorderKernels(weights) : blockWeights(graph, weights, form, block),
      ...(bias ? [fillAxis(graph, bias, 0, block)] : []),
    ];
    const blocked = graph.op('Conv', inputs, node.attributes, { domain, name: `${node.name}.blocked` });
    const [output] = node.outputs;
    return [
      graph.op('ReorderOutput', [blocked], { channels: int(filters) }, { domain, outputs: [output?.name ?? ''] }),
    ];
  };
}

function formOf(node: Node, weights: Value, block: number): Form | undefined {
  const [filters = 1, channels = 1, ...kernel] = dimensionsOf(weights);
  if (kernel.length !== 2) return undefined;
  const groups = intOf(node, 'group', 1);
  if (groups > 1) return channels === 1 && groups === filters && groups % block === 0 ? 'depthwise' : undefined;
  if (filled(filters, block) > mostFilling * filters) return undefined;
  if (channels < block) return 'narrow';
  // ONNX Runtime reorders channels by fours.
  return channels % 4 === 0 && filled(channels, block) <= mostFilling * channels ? 'wide' : undefined;
}

/** The next multiple of the block. */
const filled = (channels: number, block: number) => Math.ceil(channels / block) * block;

/** Images with their channels in blocks; one that several convolutions read is reordered once. */
class BlockedImages {
  readonly #graph: Graph;
  readonly #block: number;
  readonly #reordered = new Map<string, Value>();

  constructor(graph: Graph, block: number) {
    this.#graph = graph;
    this.#block = block;
  }

  /** [N, C, h, w] → [N, C/b, h, w, b], under the filled shape. */
  reorder(image: Value): Value {
    const existing = this.#reordered.get(image.name);
    if (existing) return existing;
    const whole = this.#wholeImage(image);
    const reordered = whole ? this.#reshape(this.reorder(whole), dimensionsOf(image)) : this.#reorderInput(image);
    this.#reordered.set(image.name, reordered);
    return reordered;
  }

  /** The kernels of groups of one channel, [C, 1, h, w], which are an image of C channels. */
  reorderKernels(weights: Value): Value {
    const [channels = 1, , ...kernel] = dimensionsOf(weights);
    const image = this.#reshape(reshapeSource(this.#graph, weights) ?? weights, [1, channels, ...kernel]);
    return this.#reshape(this.reorder(image), dimensionsOf(weights));
  }

  /** The image whose samples were made channels of `image`, if any: its blocks are the same, and others read it too. */
  #wholeImage(image: Value): Value | undefined {
    const source = reshapeSource(this.#graph, image);
    if (source?.shape.length !== 4) return undefined;
    const [batch = 1, channels = 1, ...spatial] = dimensionsOf(source);
    const merged = [1, batch * channels, ...spatial];
    return channels % this.#block === 0 && merged.join() === image.shape.join() ? source : undefined;
  }

  #reorderInput(image: Value): Value {
    const [batch = 1, channels = 1, ...spatial] = dimensionsOf(image);
    const shape = [batch, filled(channels, this.#block), ...spatial];
    return this.#graph.op('ReorderInput', [image], {}, { domain, results: [{ type: image.type, shape }] });
  }

  #reshape(value: Value, shape: readonly number[]): Value {
    return this.#graph.op('Reshape', [value, this.#graph.integers(shape)]);
  }
}

/** What a Reshape made this value of. */
function reshapeSource(graph: Graph, value: Value): Value | undefined {
  const producer = graph.producer(value);
  return producer?.operator === 'Reshape' ? producer.inputs[0] : undefined;
}

function blockWeights(graph: Graph, weights: Value, form: 'wide' | 'narrow', block: number): Value {
  return form === 'wide' ? blockBoth(graph, weights, block) : blockFilters(graph, weights, block);
}

/** [O, I, h, w] → blocks of input and output channels: [O/b, I/b, h, w, b (in), b (out)], under the filled shape. */
function blockBoth(graph: Graph, weights: Value, block: number): Value {
  const whole = fillAxis(graph, fillAxis(graph, weights, 0, block), 1, block);
  const [filters = 1, channels = 1, height = 1, width = 1] = dimensionsOf(whole);
  const apart = [filters / block, block, channels / block, block, height, width];
  return rearrange(graph, whole, apart, [0, 2, 4, 5, 3, 1]);
}

/** [O, I, h, w] → blocks of output channels: [O/b, I, h, w, b], under the filled shape. */
function blockFilters(graph: Graph, weights: Value, block: number): Value {
  const whole = fillAxis(graph, weights, 0, block);
  const [filters = 1, channels = 1, height = 1, width = 1] = dimensionsOf(whole);
  return rearrange(graph, whole, [filters / block, block, channels, height, width], [0, 2, 3, 4, 1]);
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

function rearrange(graph: Graph, value: Value, apart: readonly number[], order: readonly number[]): Value {
  const split = graph.op('Reshape', [value, graph.integers(apart)]);
  const ordered = graph.op('Transpose', [split], { perm: { kind: 'ints', value: order } });
  return graph.op('Reshape', [ordered, graph.integers(dimensionsOf(value))]);
}
