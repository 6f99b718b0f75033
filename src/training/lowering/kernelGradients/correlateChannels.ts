import { reshape, sumOver } from '../../../autodiff/layout.ts';
import type { Correlation } from '../../../autodiff/rules/kernelGradient.ts';
import { dimensionsOf, int, ints, type Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';

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
