import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';
import type { Tf, TfTensor } from '../../../support/tensorflow.ts';

const extremum = (
  operator: 'Max' | 'Min',
  tensorflow: (tf: Tf, a: TfTensor, b: TfTensor) => TfTensor,
): GradientCase[] => [
  {
    operator,
    title: 'two inputs',
    inputs: [sample([3, 4], 'apart'), sample([3, 4])],
    build: (graph, inputs) => graph.op(operator, inputs),
    tensorflow: (tf, [a, b]) => tensorflow(tf, a!, b!),
  },
  {
    operator,
    title: 'three inputs that broadcast',
    inputs: [sample([2, 3, 1]), sample([4]), sample([2, 1, 1])],
    build: (graph, inputs) => graph.op(operator, inputs),
  },
  {
    operator,
    title: 'against a constant',
    inputs: [sample([3, 4], 'apart')],
    build: (graph, [x]) => graph.op(operator, [graph.scalar(0.1), x]),
  },
  { operator, title: 'one input', inputs: [sample([3])], build: (graph, inputs) => graph.op(operator, inputs) },
];

export const extremumCases: readonly GradientCase[] = [
  ...extremum('Max', (tf, a, b) => tf.maximum(a, b)),
  ...extremum('Min', (tf, a, b) => tf.minimum(a, b)),
  {
    operator: 'Clip',
    title: 'between two bounds',
    inputs: [sample([4, 5], 'apart')],
    build: (graph, [x]) => graph.op('Clip', [x, graph.scalar(-0.4), graph.scalar(0.3)]),
    tensorflow: (tf, [x]) => tf.clipByValue(x!, -0.4, 0.3),
  },
  {
    operator: 'Clip',
    title: 'a lower bound only',
    inputs: [sample([4, 5], 'apart')],
    build: (graph, [x]) => graph.op('Clip', [x, graph.scalar(-0.1)]),
  },
  {
    operator: 'Clip',
    title: 'an upper bound only, and no bound',
    inputs: [sample([4, 5], 'apart')],
    build: (graph, [x]) => graph.op('Clip', [graph.op('Clip', [x, undefined, graph.scalar(0.2)])]),
  },
  {
    operator: 'Clip',
    title: 'bounds that are trained',
    inputs: [sample([4, 5], 'apart'), sample([], [-0.25]), sample([], [0.33])],
    build: (graph, inputs) => graph.op('Clip', inputs),
  },
  {
    operator: 'Clip',
    title: 'bounds that are trained, the lower above the upper, which wins',
    inputs: [sample([4, 5], 'apart'), sample([], [0.33]), sample([], [-0.25])],
    build: (graph, inputs) => graph.op('Clip', inputs),
  },
  {
    operator: 'Where',
    title: 'branches that broadcast',
    inputs: [sample([2, 1, 4]), sample([3, 1])],
    build: (graph, [a, b]) => {
      const condition = graph.op('Greater', [graph.constant(floatTensor([1, -1, 2, 0])), graph.scalar(0)]);
      return graph.op('Where', [condition, a, b]);
    },
    tensorflow: (tf, [a, b]) => {
      const condition = tf.broadcastTo(tf.tensor1d([1, 0, 1, 0], 'bool'), [2, 3, 4]);
      return tf.where(condition, tf.broadcastTo(a!, [2, 3, 4]), tf.broadcastTo(b!, [2, 3, 4]));
    },
  },
  {
    operator: 'Where',
    title: 'a condition of the branches themselves',
    inputs: [sample([3, 4], 'apart')],
    build: (graph, [x]) =>
      graph.op('Where', [graph.op('Less', [x, graph.scalar(0)]), graph.op('Mul', [x, x]), graph.op('Neg', [x])]),
  },
];
