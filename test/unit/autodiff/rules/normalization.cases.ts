import { float, int } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';
import type { Tf, TfTensor } from '../../../support/tensorflow.ts';

const batchNormalization = (shape: readonly number[], epsilon?: number): GradientCase => {
  const vector = [shape[1]!];
  return {
    operator: 'BatchNormalization',
    title: `[${shape.join(', ')}]${epsilon === undefined ? '' : `, epsilon ${epsilon}`}`,
    inputs: [sample(shape), sample(vector), sample(vector), sample(vector), sample(vector, 'positive')],
    build: (graph, inputs) =>
      graph.op('BatchNormalization', inputs, epsilon === undefined ? {} : { epsilon: float(epsilon) }),
    tensorflow: (tf, [x, ...vectors]) => {
      const [scale, bias, mean, variance] = vectors.map((value) =>
        tf.reshape(value, [-1, ...shape.slice(2).map(() => 1)]),
      );
      const deviation = tf.sqrt(tf.add(variance!, epsilon ?? 1e-5));
      return tf.add(tf.mul(tf.div(tf.sub(x!, mean!), deviation), scale!), bias!);
    },
  };
};

/** x̂ · scale + bias over some axes, from TensorFlow.js's moments. */
const normalized = (tf: Tf, x: TfTensor, axes: number[], epsilon: number): TfTensor => {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
};

const layerNormalization = (
  shape: readonly number[],
  axis: number,
  bias: boolean,
  attributes: Attributes = {},
): GradientCase => {
  const from = axis < 0 ? axis + shape.length : axis;
  return {
    operator: 'LayerNormalization',
    title: `[${shape.join(', ')}], axis ${axis}, ${bias ? 'bias' : 'no bias'} ${JSON.stringify(attributes)}`,
    inputs: [sample(shape), sample(shape.slice(from)), ...(bias ? [sample(shape.slice(from))] : [])],
    build: (graph, inputs) => graph.op('LayerNormalization', inputs, { axis: int(axis), ...attributes }),
    tensorflow: (tf, [x, scale, shift]) => {
      const axes = shape.map((_, index) => index).slice(from);
      const scaled = tf.mul(normalized(tf, x!, axes, attributes['epsilon'] ? 0.1 : 1e-5), scale!);
      return shift ? tf.add(scaled, shift) : scaled;
    },
  };
};

const channels = (operator: string, shape: readonly number[], attributes: Attributes): GradientCase => ({
  operator,
  title: `[${shape.join(', ')}] ${JSON.stringify(attributes)}`,
  inputs: [sample(shape), sample([shape[1]!]), sample([shape[1]!])],
  build: (graph, inputs) => graph.op(operator, inputs, attributes),
});

const rootMeanSquare = (operator: string, shape: readonly number[], axis: number): GradientCase => ({
  operator,
  title: `[${shape.join(', ')}], axis ${axis}`,
  inputs: [sample(shape), sample(shape.slice(axis))],
  build: (graph, inputs) => graph.op(operator, inputs, { axis: int(axis) }),
});

export const normalizationCases: readonly GradientCase[] = [
  batchNormalization([2, 3, 2, 4]),
  batchNormalization([4, 3], 0.01),
  batchNormalization([2, 2, 5]),
  batchNormalization([1, 1, 2, 2, 3]),
  layerNormalization([2, 3, 4], -1, true),
  layerNormalization([2, 3, 4], 1, true),
  layerNormalization([3, 5], 1, false, { epsilon: float(0.1) }),
  layerNormalization([1, 1, 4], -1, true),
  channels('GroupNormalization', [2, 4, 3], { num_groups: int(2) }),
  channels('GroupNormalization', [1, 6, 2, 2], { num_groups: int(3), epsilon: float(0.01) }),
  channels('GroupNormalization', [2, 3, 2], { num_groups: int(1) }),
  channels('InstanceNormalization', [2, 3, 4], {}),
  channels('InstanceNormalization', [1, 2, 3, 2], { epsilon: float(0.01) }),
  rootMeanSquare('RMSNormalization', [2, 3, 4], -1),
  rootMeanSquare('RMSNormalization', [2, 3, 2], 1),
  rootMeanSquare('SimplifiedLayerNormalization', [2, 3, 4], -1),
];
