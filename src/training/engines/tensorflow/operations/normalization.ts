import { floatOf, inputOf, intOf } from '../../../../onnx/attributes.ts';
import type { NodeCall, Operations } from '../nodeCall.ts';
import type { Tensor, TensorFlow } from '../tensorflow.ts';

/** (x − mean) / √(variance + ε) over some axes. */
function standardize(tf: TensorFlow, x: Tensor, axes: number[], epsilon: number): Tensor {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
}

/** A vector of one number per channel, to be broadcast over [B, C, …]. */
function perChannel(tf: TensorFlow, vector: Tensor, rank: number): Tensor {
  return tf.reshape(vector, [1, -1, ...new Array<number>(rank - 2).fill(1)]);
}

/**
 * With the running statistics, or, while they move, with the batch's: running · momentum + batch · (1 − momentum), the
 * variance being the biased one, as the ONNX specification has it.
 */
function batchNormalization(call: NodeCall): Tensor {
  const { tf, node, mode } = call;
  const x = call.input(0);
  const [mean, variance] = [inputOf(node, 3), inputOf(node, 4)];
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  let normal: Tensor;
  if (mode.kind === 'training' && mode.moving.has(mean.name)) {
    const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    const momentum = floatOf(node, 'momentum', 0.9);
    const batch = tf.moments(x, axes);
    const move = (running: Tensor, observed: Tensor): Tensor =>
      tf.add(tf.mul(running, momentum), tf.mul(observed, 1 - momentum));
    mode.moved(mean.name, move(call.input(3), batch.mean));
    mode.moved(variance.name, move(call.input(4), batch.variance));
    normal = standardize(tf, x, axes, epsilon);
  } else {
    const deviation = tf.sqrt(tf.add(perChannel(tf, call.input(4), x.rank), epsilon));
    normal = tf.div(tf.sub(x, perChannel(tf, call.input(3), x.rank)), deviation);
  }
  return scaleChannels(call, normal);
}

/** normal · scale + bias, one of each per channel, from inputs 1 and 2. */
function scaleChannels(call: NodeCall, normal: Tensor): Tensor {
  const { tf } = call;
  const scaled = tf.mul(normal, perChannel(tf, call.input(1), normal.rank));
  return tf.add(scaled, perChannel(tf, call.input(2), normal.rank));
}

function layerNormalization(call: NodeCall): Tensor {
  const { tf, node } = call;
  const x = call.input(0);
  const axis = intOf(node, 'axis', -1);
  const first = axis < 0 ? axis + x.rank : axis;
  const axes = x.shape.flatMap((_, index) => (index < first ? [] : [index]));
  const scaled = tf.mul(standardize(tf, x, axes, floatOf(node, 'epsilon', 1e-5)), call.input(1));
  const bias = call.optional(2);
  return bias ? tf.add(scaled, bias) : scaled;
}

function instanceNormalization(call: NodeCall): Tensor {
  const x = call.input(0);
  const axes = x.shape.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
  return scaleChannels(call, standardize(call.tf, x, axes, floatOf(call.node, 'epsilon', 1e-5)));
}

function groupNormalization(call: NodeCall): Tensor {
  const { tf, node } = call;
  const x = call.input(0);
  const [batch = 1] = x.shape;
  const grouped = tf.reshape(x, [batch, intOf(node, 'num_groups', 1), -1]);
  const normal = standardize(tf, grouped, [2], floatOf(node, 'epsilon', 1e-5));
  return scaleChannels(call, tf.reshape(normal, x.shape));
}

/** Normalisations over the batch, a layer, a channel of a sample or groups of channels. */
export const normalization: Operations = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
};
