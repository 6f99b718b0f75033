import { intOf } from '../../../../onnx/attributes.ts';
import type { NodeCall, Operations } from '../nodeCall.ts';
import type { Tensor } from '../tensorflow.ts';

/** TensorFlow.js normalises over the last axis only, so that another one is brought there and back. */
function overAxis(call: NodeCall, compute: (x: Tensor) => Tensor): Tensor {
  const { tf, node } = call;
  const x = call.input(0);
  const axis = (intOf(node, 'axis', -1) + x.rank) % x.rank;
  if (axis === x.rank - 1) return compute(x);
  const swapped = x.shape.map((_, index) => (index === axis ? x.rank - 1 : index === x.rank - 1 ? axis : index));
  return tf.transpose(compute(tf.transpose(x, swapped)), swapped);
}

/** Softmax and its logarithm over one axis. */
export const softmax: Operations = {
  Softmax: (call) => overAxis(call, (x) => call.tf.softmax(x)),
  LogSoftmax: (call) => overAxis(call, (x) => call.tf.logSoftmax(x)),
};
