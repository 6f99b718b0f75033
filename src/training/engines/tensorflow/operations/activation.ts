import { floatOf, textOf } from '../../../../onnx/attributes.ts';
import type { NodeCall, Operations } from '../nodeCall.ts';
import type { Tensor } from '../tensorflow.ts';

function gelu(call: NodeCall): Tensor {
  const { tf, node } = call;
  const x = call.input(0);
  const inner =
    textOf(node, 'approximate', 'none') === 'tanh'
      ? tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3)))))
      : tf.erf(tf.div(x, Math.SQRT2));
  return tf.mul(tf.mul(0.5, x), tf.add(1, inner));
}

function clip(call: NodeCall): Tensor {
  const { tf } = call;
  const [lower, upper] = [call.optional(1), call.optional(2)];
  const bounded = lower ? tf.maximum(call.input(0), lower) : call.input(0);
  return upper ? tf.minimum(bounded, upper) : bounded;
}

function hardSigmoid({ tf }: NodeCall, x: Tensor, slope: number, offset: number): Tensor {
  return tf.clipByValue(tf.add(tf.mul(slope, x), offset), 0, 1);
}

function elu(call: NodeCall, alpha: number): Tensor {
  const { tf } = call;
  const x = call.input(0);
  return tf.add(tf.relu(x), tf.mul(alpha, tf.expm1(tf.minimum(x, 0))));
}

/** Activation functions. */
export const activation: Operations = {
  Clip: clip,
  Elu: (call) => elu(call, floatOf(call.node, 'alpha', 1)),
  Erf: (call) => call.tf.erf(call.input(0)),
  Gelu: gelu,
  HardSigmoid: (call) =>
    hardSigmoid(call, call.input(0), floatOf(call.node, 'alpha', 0.2), floatOf(call.node, 'beta', 0.5)),
  HardSwish: (call) => call.tf.mul(call.input(0), hardSigmoid(call, call.input(0), 1 / 6, 0.5)),
  LeakyRelu: (call) => call.tf.leakyRelu(call.input(0), floatOf(call.node, 'alpha', 0.01)),
  Mish: (call) => call.tf.mul(call.input(0), call.tf.tanh(call.tf.softplus(call.input(0)))),
  PRelu: (call) => {
    const { tf } = call;
    const x = call.input(0);
    return tf.sub(tf.relu(x), tf.mul(call.input(1), tf.relu(tf.neg(x))));
  },
  Relu: (call) => call.tf.relu(call.input(0)),
  Selu: (call) =>
    call.tf.mul(
      floatOf(call.node, 'gamma', 1.0507009873554805),
      elu(call, floatOf(call.node, 'alpha', 1.6732632423543772)),
    ),
  Sigmoid: (call) => call.tf.sigmoid(call.input(0)),
  Softplus: (call) => call.tf.softplus(call.input(0)),
  Softsign: (call) => call.tf.div(call.input(0), call.tf.add(1, call.tf.abs(call.input(0)))),
  Tanh: (call) => call.tf.tanh(call.input(0)),
};
