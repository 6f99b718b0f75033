import { reshape, sumOver, transpose } from '../../../autodiff/layout.ts';
import type { Correlation } from '../../../autodiff/rules/kernelGradient.ts';
import { dimensionsOf, int, ints, type Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import { blockedDomain } from '../blocks/blockedDomain.ts';
import { isOneProduct } from './multiplyPerOffset.ts';

/**
 * The gradient of a kernel of a single entry as a blocked convolution with one group per sample: the image of more channels, in blocks as the
 * rest of the step has it, is the weights; what is summed in a block are positions of the other one, whose channels are the positions of
 * that convolution. So the larger image is not reordered. Then the sum over the samples.
 *
 * @param block channels of one block
 * @returns undefined where the kernel is larger, blocks are not filled, or one product over batch and positions is faster
 */
export function correlatePoints(graph: Graph, correlation: Correlation, block: number): Value | undefined {
  const { large, small, window, groups } = correlation;
  const [batch = 1, filters = 1, ...spatial] = dimensionsOf(small);
  const channels = dimensionsOf(large)[1] ?? 1;
  const positions = elementCount(spatial);
  if (small.type !== 'float32' || small.shape.length !== 4 || groups > 1 || elementCount(window.kernel) > 1)
    return undefined;
  if ([...window.padsBegin, ...window.padsEnd].some((margin) => margin !== 0)) return undefined;
  if (large.shape.slice(2).join() !== spatial.join() || isOneProduct(filters, channels, positions)) return undefined;
  const isSmallWider = filters >= channels;
  const [wide, narrow] = isSmallWider ? [small, large] : [large, small];
  const [many, few] = isSmallWider ? [filters, channels] : [channels, filters];
  if (many % block !== 0 || positions % block !== 0) return undefined;

  const blocked = graph.op(
    'ReorderInput',
    [wide],
    {},
    { domain: blockedDomain, results: [{ type: wide.type, shape: wide.shape }] },
  );
  const perBlock = positions / block;
  const correlated = graph.op(
    'Conv',
    [
      reshape(graph, narrow, [1, batch * block, 1, few * perBlock]),
      reshape(graph, blocked, [batch * many, block, 1, perBlock]),
    ],
    { group: int(batch), kernel_shape: ints([1, perBlock]), strides: ints([1, perBlock]) },
    { domain: blockedDomain },
  );
  const summed = sumOver(graph, reshape(graph, correlated, [batch, many * few]), [0], false);
  const apart = reshape(graph, summed, [many / block, few, block]);
  const ordered = transpose(graph, apart, isSmallWider ? [0, 2, 1] : [1, 0, 2]);
  return reshape(graph, ordered, [filters, channels, ...window.kernel]);
}
