import { reshape } from '../../../autodiff/layout.ts';
import type { Rewrite } from '../../../onnx/copy.ts';
import { dimensionsOf, int, ints, type Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { elementCount, toNumbers } from '../../../onnx/tensor.ts';
import { buildRowSum } from '../sumRows.ts';
import { blockedDomain as domain } from './blockedDomain.ts';
import { reshapeSource, type BlockedImages } from './blockedImages.ts';
import type { Readers } from '../../../onnx/readers.ts';

/**
 * Sums over the positions of each channel where the image is in blocks. Of a product of two images they are a convolution
 * of one with the other, one channel per group, and the product is not written out unless somebody else reads it. Sums over the batch stay
 * in blocks.
 *
 * @param readers of the graph that is rewritten: who else reads the product
 */
export function blockSums(graph: Graph, images: BlockedImages, readers: Readers): Rewrite {
  return (node, inputs) => {
    const [value] = inputs;
    if (value && sumsSamples(graph, node, inputs)) {
      const samples = images.fits(value) ? images.find(value) : undefined;
      const sum = samples && reshape(graph, buildRowSum(graph, samples, 1), [1, ...dimensionsOf(samples).slice(1)]);
      return sum && [images.restore(sum, node.outputs[0]?.name ?? '')];
    }
    const image = summedImage(graph, node, inputs);
    const blocked = image && images.fits(image) ? images.find(image) : undefined;
    if (!image || !blocked) return undefined;
    const [batch = 1, channels = 1, ...spatial] = dimensionsOf(image);
    const [left, right] = readers.get(image.name) === 1 ? factorsOf(graph, blocked) : [];
    const positions = elementCount(spatial);
    const sums =
      left && right
        ? graph.op(
            'Conv',
            [
              reshape(graph, left, [1, batch * channels, ...spatial]),
              reshape(graph, right, [batch * channels, 1, ...spatial]),
            ],
            { group: int(batch * channels), kernel_shape: ints(spatial) },
            { domain },
          )
        : graph.op(
            'ReduceSum',
            [
              reshape(graph, blocked, [(batch * channels) / images.block, positions, images.block]),
              graph.integers([1]),
            ],
            { keepdims: int(0) },
          );
    const shape = graph.integers([batch, channels]);
    return [graph.op('Reshape', [sums, shape], {}, { outputs: [node.outputs[0]?.name ?? ''] })];
  };
}

/** The image [N, C, h, w] that was viewed as [N, C, positions] and is summed over its positions. */
function summedImage(graph: Graph, node: Node, [value, axes]: readonly (Value | undefined)[]): Value | undefined {
  if (node.operator !== 'ReduceSum' || node.domain !== '' || !value || !axes) return undefined;
  const image = reshapeSource(graph, value);
  if (image?.shape.length !== 4 || node.outputs[0]?.shape.length !== 2) return undefined;
  const viewed = [...image.shape.slice(0, 2), elementCount(dimensionsOf(image).slice(2))];
  const known = graph.known.get(axes.name);
  return known && toNumbers(known).join() === '2' && value.shape.join() === viewed.join() ? image : undefined;
}

/** Whether the samples of an image are summed, to an image of one sample. */
function sumsSamples(graph: Graph, node: Node, [value, axes]: readonly (Value | undefined)[]): boolean {
  if (node.operator !== 'ReduceSum' || node.domain !== '' || !value || !axes || value.type !== 'float32') return false;
  const known = graph.known.get(axes.name);
  return known !== undefined && toNumbers(known).join() === '0' && node.outputs[0]?.shape.length === 4;
}

/** The images whose product this is. */
function factorsOf(graph: Graph, blocked: Value): readonly (Value | undefined)[] {
  const producer = graph.producer(blocked);
  const alike = producer?.inputs.every((input) => input?.shape.join() === blocked.shape.join());
  return producer?.operator === 'Mul' && alike ? producer.inputs : [];
}
