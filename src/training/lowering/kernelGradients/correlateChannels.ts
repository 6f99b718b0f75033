import { reshape, sumOver, transpose } from '../../../autodiff/layout.ts';
import type { Correlation } from '../../../autodiff/rules/kernelGradient.ts';
import { dimensionsOf, int, ints, type Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';
import { blockedDomain as domain } from '../blocks/blockedDomain.ts';
import { selectEntry } from '../blocks/selectEntry.ts';

/**
 * A kernel's gradient with one input channel per group: every image of every sample is correlated with its own gradient,
 * which is a convolution with batch · channels groups whose kernel is the gradient; then the sum over the batch.
 */
export function correlateChannels(graph: Graph, { large, small, window, groups }: Correlation): Value {
  const [batch = 1, , ...spatial] = dimensionsOf(large);
  const [, filters = 1, ...positions] = dimensionsOf(small);
  const image = reshape(graph, large, [1, batch * groups, ...spatial]);
  const kernel = reshape(graph, small, [batch * filters, 1, ...positions]);
  const correlated = graph.op('Conv', [image, kernel], {
    dilations: ints(window.strides),
    group: int(batch * groups),
    kernel_shape: ints(positions),
    pads: ints([...window.padsBegin, ...window.padsEnd]),
    strides: ints(window.dilations),
  });
  return sumOver(graph, reshape(graph, correlated, [batch, filters, 1, ...window.kernel]), [0], false);
}

/**
 * The same in blocks, of an image that has its margin of columns: at a margin that is padding only, ONNX Runtime sums one entry of the kernel
 * after the other, each waiting for its last product; without it, as many at once as the kernel has columns.
 *
 * @param block channels of one block
 * @returns undefined where channels do not fill blocks, or there is no margin
 */
export function correlateChannelBlocks(graph: Graph, correlation: Correlation, block: number): Value | undefined {
  const { large, small, window, groups } = correlation;
  const [batch = 1, channels = 1, ...spatial] = dimensionsOf(large);
  const [, filters = 1, ...positions] = dimensionsOf(small);
  const [[top = 0, left = 0], [bottom = 0, right = 0]] = [window.padsBegin, window.padsEnd];
  if (spatial.length !== 2 || channels !== groups || filters !== groups || channels % block !== 0) return undefined;
  if (small.type !== 'float32' || left + right === 0) return undefined;
  const inBlocks = (image: Value): Value =>
    graph.op('ReorderInput', [image], {}, { domain, results: [{ type: image.type, shape: image.shape }] });
  const widened = selectEntry(graph, inBlocks(large), block, { pads: [0, left, 0, right] });
  const [height = 1, width = 1] = dimensionsOf(widened).slice(2);
  const correlated = graph.op(
    'Conv',
    [
      reshape(graph, widened, [1, batch * channels, height, width]),
      reshape(graph, inBlocks(small), [batch * channels, 1, ...positions]),
    ],
    {
      dilations: ints(window.strides),
      group: int(batch * channels),
      kernel_shape: ints(positions),
      pads: ints([top, 0, bottom, 0]),
      strides: ints(window.dilations),
    },
    { domain },
  );
  const [rows = 1, columns = 1] = window.kernel;
  const summed = sumOver(graph, reshape(graph, correlated, [batch, channels * rows * columns]), [0], false);
  const apart = reshape(graph, summed, [channels / block, rows, columns, block]);
  return reshape(graph, transpose(graph, apart, [0, 3, 1, 2]), [channels, 1, rows, columns]);
}
