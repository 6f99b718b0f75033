import type { Graph } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import { floatTensor, intTensor } from '../../../../src/onnx/tensor.ts';
import { sample, type Distribution, type GradientCase } from '../../../support/gradientCheck.ts';
import type { Tf, TfTensor } from '../../../support/tensorflow.ts';

/** Pairs of shapes that broadcast, in every way there is. */
const shapePairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [3, 4],
    [3, 4],
  ],
  [[2, 3, 4], [4]],
  [[], [2, 3]],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [
    [1, 1],
    [2, 3, 2, 2],
  ],
];

const binary = (
  operator: string,
  tensorflow: (tf: Tf, a: TfTensor, b: TfTensor) => TfTensor,
  from: readonly [Distribution, Distribution] = ['plain', 'plain'],
): GradientCase[] =>
  shapePairs.map(([a, b]) => ({
    operator,
    title: `[${a.join(', ')}] with [${b.join(', ')}]`,
    inputs: [sample(a, from[0]), sample(b, from[1])],
    build: (graph, inputs) => graph.op(operator, inputs),
    tensorflow: (tf, inputs) => tensorflow(tf, inputs[0]!, inputs[1]!),
  }));

const fixedPower = (exponent: number): GradientCase => ({
  operator: 'Pow',
  title: `fixed exponent ${exponent}`,
  inputs: [sample([3, 4], Number.isInteger(exponent) && exponent >= 0 ? 'plain' : 'positive')],
  build: (graph, [x]) => graph.op('Pow', [x, graph.scalar(exponent)]),
  tensorflow: (tf, [x]) => tf.pow(x!, exponent),
});

const several = (operator: string, build: (graph: Graph, inputs: readonly Value[]) => Value): GradientCase[] => [
  {
    operator,
    title: 'three inputs that broadcast',
    inputs: [sample([2, 3]), sample([3]), sample([4, 1, 1])],
    build,
  },
  { operator, title: 'one input', inputs: [sample([2, 3])], build },
  { operator, title: 'the same input twice', inputs: [sample([2, 3])], build: (graph, [x]) => build(graph, [x!, x!]) },
];

export const arithmeticCases: readonly GradientCase[] = [
  ...binary('Add', (tf, a, b) => tf.add(a, b)),
  ...binary('Sub', (tf, a, b) => tf.sub(a, b)),
  ...binary('Mul', (tf, a, b) => tf.mul(a, b)),
  ...binary('Div', (tf, a, b) => tf.div(a, b), ['plain', 'positive']),
  ...binary('Pow', (tf, a, b) => tf.pow(a, b), ['positive', 'plain']),
  ...[0, 0.5, 1, 2, 3, -1].map(fixedPower),
  {
    operator: 'Pow',
    title: 'a base of 0 with fixed exponents 2 and 1',
    inputs: [sample([2, 2], [0, 1, -2, -0])],
    build: (graph, [x]) => graph.op('Pow', [x, graph.constant(floatTensor([2, 1]))]),
  },
  {
    operator: 'Pow',
    title: 'integer exponents',
    inputs: [sample([2, 3])],
    build: (graph, [x]) => graph.op('Pow', [x, graph.constant(intTensor([2, 3, 1]))]),
  },
  {
    operator: 'Mul',
    title: 'a value with itself',
    inputs: [sample([2, 3])],
    build: (graph, [x]) => graph.op('Mul', [x, x]),
    tensorflow: (tf, [x]) => tf.mul(x!, x!),
  },
  ...several('Sum', (graph, inputs) => graph.op('Sum', inputs)),
  ...several('Mean', (graph, inputs) => graph.op('Mean', inputs)),
];
