import { float, int } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';

const gemm = (
  transA: 0 | 1,
  transB: 0 | 1,
  bias: readonly number[] | undefined,
  factors: Attributes,
): GradientCase => ({
  operator: 'Gemm',
  title: `transA ${transA}, transB ${transB}, C ${bias ? `[${bias.join(', ')}]` : 'absent'}`,
  inputs: [sample(transA ? [4, 3] : [3, 4]), sample(transB ? [5, 4] : [4, 5]), ...(bias ? [sample(bias)] : [])],
  build: (graph, inputs) => graph.op('Gemm', inputs, { transA: int(transA), transB: int(transB), ...factors }),
  tensorflow: (tf, [a, b, c]) => {
    const product = tf.mul(tf.matMul(a!, b!, transA === 1, transB === 1), factors['alpha'] ? 0.7 : 1);
    return c ? tf.add(product, tf.mul(c, factors['beta'] ? -1.3 : 1)) : product;
  },
});
const factors = { alpha: float(0.7), beta: float(-1.3) };

/** Shapes of the two factors: vectors, matrices, batches that broadcast. */
const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[4], [4]],
  [[4], [4, 3]],
  [[3, 4], [4]],
  [
    [3, 4],
    [4, 2],
  ],
  [
    [2, 3, 4],
    [4, 2],
  ],
  [
    [3, 4],
    [2, 4, 2],
  ],
  [
    [2, 3, 4],
    [2, 4, 2],
  ],
  [
    [2, 1, 3, 4],
    [3, 4, 2],
  ],
  [[5, 1, 4], [4]],
  [[4], [2, 4, 3]],
  [
    [1, 1],
    [1, 3],
  ],
];

/** TensorFlow.js wants equal ranks of at least 2 and does not broadcast a rank. */
const comparable = (a: readonly number[], b: readonly number[]) => a.length > 1 && a.length === b.length;

const fused = (transA: 0 | 1, transB: 0 | 1, batch: readonly [readonly number[], readonly number[]]): GradientCase => ({
  operator: 'com.microsoft.FusedMatMul',
  title: `transA ${transA}, transB ${transB}, batches [${batch[0].join(', ')}] and [${batch[1].join(', ')}]`,
  inputs: [sample([...batch[0], ...(transA ? [4, 3] : [3, 4])]), sample([...batch[1], ...(transB ? [2, 4] : [4, 2])])],
  build: (graph, inputs) =>
    graph.op(
      'FusedMatMul',
      inputs,
      { transA: int(transA), transB: int(transB), alpha: float(0.5) },
      { domain: 'com.microsoft' },
    ),
});

const bits = [0, 1] as const;
const transposes = bits.flatMap((transA) => bits.map((transB) => [transA, transB] as const));

export const linearCases: readonly GradientCase[] = [
  ...transposes.flatMap(([transA, transB]) => [
    gemm(transA, transB, undefined, {}),
    gemm(transA, transB, [5], factors),
    gemm(transA, transB, [3, 1], factors),
  ]),
  gemm(0, 1, [], {}),
  gemm(0, 0, [1, 5], factors),
  ...pairs.map(([a, b]): GradientCase => ({
    operator: 'MatMul',
    title: `[${a.join(', ')}] · [${b.join(', ')}]`,
    inputs: [sample(a), sample(b)],
    build: (graph, inputs) => graph.op('MatMul', inputs),
    ...(comparable(a, b) ? { tensorflow: (tf, inputs) => tf.matMul(inputs[0]!, inputs[1]!) } : {}),
  })),
  ...transposes.flatMap(([transA, transB]) => [
    fused(transA, transB, [[], []]),
    fused(transA, transB, [[2], [2]]),
    fused(transA, transB, [[2, 1], [3]]),
    fused(transA, transB, [[2], []]),
  ]),
];
