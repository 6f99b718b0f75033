import { floatOf, intOf } from '../../../../onnx/attributes.ts';
import type { NodeCall, Operations } from '../nodeCall.ts';
import type { Tensor } from '../tensorflow.ts';

/** a [.., M, K] · b [.., K, N] by ONNX's (numpy's) rules: a vector is a row or a column, leading dimensions broadcast. */
function matMul(call: NodeCall): Tensor {
  const { tf } = call;
  const [a, b] = [call.input(0), call.input(1)];
  const rows = a.rank === 1 ? tf.reshape(a, [1, ...a.shape]) : a;
  const columns = b.rank === 1 ? tf.reshape(b, [...b.shape, 1]) : b;
  return tf.reshape(multiply(call, rows, columns), call.outputShape());
}

function multiply({ tf }: NodeCall, a: Tensor, b: Tensor): Tensor {
  if (b.rank === 2) {
    const flat = tf.reshape(a, [-1, a.shape.at(-1) ?? 1]);
    return tf.matMul(flat, b);
  }
  // TensorFlow.js's gradient of a product whose leading dimensions broadcast is not summed back, so both are expanded.
  const leading = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return tf.matMul(
    tf.broadcastTo(a, [...leading, ...a.shape.slice(-2)]),
    tf.broadcastTo(b, [...leading, ...b.shape.slice(-2)]),
  );
}

function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [left = 1, right = 1] = [a[axis - rank + a.length], b[axis - rank + b.length]];
    return left === 1 ? right : left;
  });
}

function gemm(call: NodeCall): Tensor {
  const { tf, node } = call;
  const product = tf.matMul(
    call.input(0),
    call.input(1),
    intOf(node, 'transA', 0) === 1,
    intOf(node, 'transB', 0) === 1,
  );
  const scaled = tf.mul(product, floatOf(node, 'alpha', 1));
  const bias = call.optional(2);
  return bias ? tf.add(scaled, tf.mul(bias, floatOf(node, 'beta', 1))) : scaled;
}

/** Matrix products. */
export const linear: Operations = { MatMul: matMul, Gemm: gemm };
