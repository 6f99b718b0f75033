import { misfit } from '../../../../onnx/attributes.ts';
import type { NodeCall, Operation, Operations } from '../nodeCall.ts';
import type { Tensor, TensorFlow } from '../tensorflow.ts';

const unary = (compute: (tf: TensorFlow, x: Tensor) => Tensor): Operation => {
  return (call) => compute(call.tf, call.input(0));
};

const binary = (compute: (tf: TensorFlow, a: Tensor, b: Tensor) => Tensor): Operation => {
  return (call) => compute(call.tf, call.input(0), call.input(1));
};

/**
 * Any number of inputs, combined two by two. They are expanded first, as TensorFlow.js does not sum the gradient of a
 * broadcast maximum back.
 */
const variadic = (combine: (tf: TensorFlow, a: Tensor, b: Tensor) => Tensor): Operation => {
  return (call) =>
    call
      .all()
      .map((input) => call.tf.broadcastTo(input, call.outputShape()))
      .reduce((result, input) => combine(call.tf, result, input));
};

/** A comparison. Its gradient is zero, which TensorFlow.js has to be told. */
const comparison = (compare: (tf: TensorFlow, a: Tensor, b: Tensor) => Tensor): Operation => {
  return (call) => {
    const { tf } = call;
    const compareOnly = tf.customGrad((...inputs) => {
      const [a, b] = inputs as [Tensor, Tensor];
      return { value: compare(tf, a, b), gradFunc: () => [tf.zerosLike(a), tf.zerosLike(b)] };
    });
    return compareOnly(call.input(0), call.input(1));
  };
};

function divide(call: NodeCall): Tensor {
  // TensorFlow.js rounds the quotient of integers down, ONNX towards zero.
  if (call.node.outputs[0]?.type !== 'float32') throw misfit(call.node, 'this engine divides float32 only');
  return call.tf.div(call.input(0), call.input(1));
}

/** Arithmetic and comparisons, element by element with broadcasting. */
export const arithmetic: Operations = {
  Abs: unary((tf, x) => tf.abs(x)),
  Ceil: unary((tf, x) => tf.ceil(x)),
  Cos: unary((tf, x) => tf.cos(x)),
  Exp: unary((tf, x) => tf.exp(x)),
  Floor: unary((tf, x) => tf.floor(x)),
  Log: unary((tf, x) => tf.log(x)),
  Neg: unary((tf, x) => tf.neg(x)),
  Not: unary((tf, x) => tf.logicalNot(x)),
  Reciprocal: unary((tf, x) => tf.reciprocal(x)),
  Round: unary((tf, x) => tf.round(x)),
  Sign: unary((tf, x) => tf.sign(x)),
  Sin: unary((tf, x) => tf.sin(x)),
  Sqrt: unary((tf, x) => tf.sqrt(x)),
  Tan: unary((tf, x) => tf.tan(x)),

  Add: binary((tf, a, b) => tf.add(a, b)),
  Sub: binary((tf, a, b) => tf.sub(a, b)),
  Mul: binary((tf, a, b) => tf.mul(a, b)),
  Div: divide,
  Pow: binary((tf, a, b) => tf.pow(a, b)),
  And: binary((tf, a, b) => tf.logicalAnd(a, b)),
  Or: binary((tf, a, b) => tf.logicalOr(a, b)),
  Equal: comparison((tf, a, b) => tf.equal(a, b)),
  Greater: comparison((tf, a, b) => tf.greater(a, b)),
  GreaterOrEqual: comparison((tf, a, b) => tf.greaterEqual(a, b)),
  Less: comparison((tf, a, b) => tf.less(a, b)),
  LessOrEqual: comparison((tf, a, b) => tf.lessEqual(a, b)),

  Max: variadic((tf, a, b) => tf.maximum(a, b)),
  Min: variadic((tf, a, b) => tf.minimum(a, b)),
  Sum: variadic((tf, a, b) => tf.add(a, b)),
};
