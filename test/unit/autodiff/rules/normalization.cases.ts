import { float } from '../../../../src/onnx/graph.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';

const batchNormalization = (shape: readonly number[], epsilon?: number): GradientCase => ({
  operator: 'BatchNormalization',
  title: `[${shape.join(', ')}]${epsilon === undefined ? '' : `, epsilon ${epsilon}`}`,
  inputs: [
    sample(shape),
    ...['plain', 'plain', 'plain', 'positive'].map((from) => sample([shape[1]!], from as 'plain')),
  ],
  build: (graph, inputs) =>
    graph.op('BatchNormalization', inputs, epsilon === undefined ? {} : { epsilon: float(epsilon) }),
  tensorflow: (tf, [x, scale, bias, mean, variance]) => {
    const perChannel = (vector: typeof x) => tf.reshape(vector!, [-1, ...shape.slice(2).map(() => 1)]);
    const centred = tf.sub(x!, perChannel(mean));
    const deviation = tf.sqrt(tf.add(perChannel(variance), epsilon ?? 1e-5));
    return tf.add(tf.mul(tf.div(centred, deviation), perChannel(scale)), perChannel(bias));
  },
});

export const normalizationCases: readonly GradientCase[] = [
  batchNormalization([2, 3, 2, 4]),
  batchNormalization([4, 3], 0.01),
  batchNormalization([2, 2, 5]),
  batchNormalization([1, 1, 2, 2, 3]),
];
