import { intOf } from '../../../../onnx/attributes.ts';
import type { Operation, Operations } from '../nodeCall.ts';
import type { Tensor, TensorFlow } from '../tensorflow.ts';

const reduce = (compute: (tf: TensorFlow, x: Tensor, axes: number[]) => Tensor): Operation => {
  return (call) => {
    const x = call.input(0);
    const axes = call.integers(1) ?? [];
    if (axes.length === 0 && intOf(call.node, 'noop_with_empty_axes', 0) === 1) return x;
    const reduced = compute(call.tf, x, axes.length > 0 ? [...axes] : x.shape.map((_, axis) => axis));
    return call.tf.reshape(reduced, call.outputShape());
  };
};

/** Reductions over some or all axes. */
export const reduction: Operations = {
  ReduceMax: reduce((tf, x, axes) => tf.max(x, axes)),
  ReduceMean: reduce((tf, x, axes) => tf.mean(x, axes)),
  ReduceMin: reduce((tf, x, axes) => tf.min(x, axes)),
  ReduceSum: reduce((tf, x, axes) => tf.sum(x, axes)),
  ReduceSumSquare: reduce((tf, x, axes) => tf.sum(tf.square(x), axes)),
  ReduceL1: reduce((tf, x, axes) => tf.sum(tf.abs(x), axes)),
  ReduceL2: reduce((tf, x, axes) => tf.sqrt(tf.sum(tf.square(x), axes))),
  ReduceLogSumExp: reduce((tf, x, axes) => tf.logSumExp(x, axes)),
};
