import { int } from '../../../../src/onnx/graph.ts';
import { intTensor } from '../../../../src/onnx/tensor.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';

const cumulativeSum = (axis: number, exclusive: 0 | 1, reverse: 0 | 1): GradientCase => ({
  operator: 'CumSum',
  title: `axis ${axis}, exclusive ${exclusive}, reverse ${reverse}`,
  inputs: [sample([2, 4, 3])],
  build: (graph, [x]) =>
    graph.op('CumSum', [x, graph.constant(intTensor(axis))], { exclusive: int(exclusive), reverse: int(reverse) }),
  // TensorFlow.js's gradient is right for the last axis only.
  ...(axis === 2 ? { tensorflow: (tf, [x]) => tf.cumsum(x!, axis, exclusive === 1, reverse === 1) } : {}),
});

const triangle = (upper: 0 | 1, diagonal: number | undefined): GradientCase => ({
  operator: 'Trilu',
  title: `upper ${upper}, diagonal ${diagonal ?? 'left out'}`,
  inputs: [sample([2, 3, 4])],
  build: (graph, [x]) =>
    graph.op('Trilu', diagonal === undefined ? [x] : [x, graph.constant(intTensor(diagonal))], { upper: int(upper) }),
});

export const cumulativeCases: readonly GradientCase[] = [
  cumulativeSum(0, 0, 0),
  cumulativeSum(1, 1, 0),
  cumulativeSum(2, 0, 1),
  cumulativeSum(-2, 1, 1),
  triangle(1, undefined),
  triangle(0, undefined),
  triangle(1, -1),
  triangle(0, 2),
];
