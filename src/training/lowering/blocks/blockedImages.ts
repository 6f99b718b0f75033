import { dimensionsOf, int, type Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';
import { blockedDomain as domain } from './blockedDomain.ts';

/** The next multiple of the block. */
export const filled = (channels: number, block: number) => Math.ceil(channels / block) * block;

/**
 * Images with their channels in blocks, [N, C/b, h, w, b] in memory under the shape [N, C, h, w], by the plain images that
 * they stand for. What is computed in blocks is reordered back where something reads the plain image, and only there.
 */
export class BlockedImages {
  /** Channels of one block. */
  readonly block: number;
  readonly #graph: Graph;
  /** By the names of the plain images. */
  readonly #blocked = new Map<string, Value>();

  constructor(graph: Graph, block: number) {
    this.#graph = graph;
    this.block = block;
  }

  /** Whether images of this shape fill their blocks, so that they can be computed with in blocks. */
  fits({ shape }: Pick<Value, 'shape'>): boolean {
    return shape.length === 4 && Number(shape[1]) % this.block === 0;
  }

  /** The image in blocks, if it is there. */
  find(image: Value): Value | undefined {
    return this.#blocked.get(image.name) ?? this.#findMerged(image);
  }

  /** The image in blocks, [N, C, h, w] → [N, C/b, h, w, b] under the filled shape; reordered once for all who read it. */
  reorder(image: Value): Value {
    const existing = this.find(image);
    if (existing) return existing;
    const [batch = 1, channels = 1, ...spatial] = dimensionsOf(image);
    const merged = this.#mergedImage(image);
    const shape = [batch, filled(channels, this.block), ...spatial];
    const reordered = merged
      ? this.#reshape(this.reorder(merged), shape)
      : this.#graph.op('ReorderInput', [image], {}, { domain, results: [{ type: image.type, shape }] });
    return this.add(image, reordered);
  }

  /** The kernels of groups of one channel, [C, 1, h, w], which are an image of C channels. */
  reorderKernels(weights: Value): Value {
    const [channels = 1, , ...kernel] = dimensionsOf(weights);
    const image = this.#reshape(reshapeSource(this.#graph, weights) ?? weights, [1, channels, ...kernel]);
    return this.#reshape(this.reorder(image), dimensionsOf(weights));
  }

  /** Notes that this is the image in blocks. */
  add(image: Value, blocked: Value): Value {
    this.#blocked.set(image.name, blocked);
    return blocked;
  }

  /** The plain image of one in blocks. */
  restore(blocked: Value, name: string, channels = dimensionsOf(blocked)[1] ?? 1): Value {
    const image = this.#graph.op('ReorderOutput', [blocked], { channels: int(channels) }, { domain, outputs: [name] });
    this.add(image, blocked);
    return image;
  }

  #findMerged(image: Value): Value | undefined {
    const merged = this.#mergedImage(image);
    const blocked = merged && this.find(merged);
    return blocked && this.add(image, this.#reshape(blocked, dimensionsOf(image)));
  }

  /** The image whose samples were made channels of `image`, if any: its blocks are the same, and others read it too. */
  #mergedImage(image: Value): Value | undefined {
    const source = reshapeSource(this.#graph, image);
    if (source?.shape.length !== 4) return undefined;
    const [batch = 1, channels = 1, ...spatial] = dimensionsOf(source);
    const merged = [1, batch * channels, ...spatial];
    return channels % this.block === 0 && merged.join() === image.shape.join() ? source : undefined;
  }

  #reshape(value: Value, shape: readonly number[]): Value {
    return this.#graph.op('Reshape', [value, this.#graph.integers(shape)]);
  }
}

/** What a Reshape made this value of. */
export function reshapeSource(graph: Graph, value: Value): Value | undefined {
  const producer = graph.producer(value);
  return producer?.operator === 'Reshape' ? producer.inputs[0] : undefined;
}
