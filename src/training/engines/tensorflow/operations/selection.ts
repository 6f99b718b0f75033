import { intOf, misfit } from '../../../../onnx/attributes.ts';
import type { NodeCall, Operations } from '../nodeCall.ts';
import type { Tensor } from '../tensorflow.ts';

function gather(call: NodeCall): Tensor {
  const { tf, node } = call;
  const x = call.input(0);
  const axis = (intOf(node, 'axis', 0) + x.rank) % x.rank;
  const indices = tf.cast(call.input(1), 'int32');
  // A negative index counts from the end.
  const counted = tf.where(tf.less(indices, 0), tf.add(indices, tf.scalar(x.shape[axis] ?? 0, 'int32')), indices);
  return tf.reshape(tf.gather(x, tf.reshape(tf.cast(counted, 'int32'), [-1]), axis), call.outputShape());
}

/** Slices by gathering, as TensorFlow.js has no gradient of slices with steps. */
function slice(call: NodeCall): Tensor {
  const { tf } = call;
  let result = call.input(0);
  const starts = call.integers(1) ?? [];
  const axes = call.integers(3) ?? starts.map((_, axis) => axis);
  const steps = call.integers(4) ?? starts.map(() => 1);
  const { rank } = result;
  const outputShape = call.outputShape();
  starts.forEach((start, index) => {
    const axis = ((axes[index] ?? 0) + rank) % rank;
    const [step = 1, size = 0, kept = 0] = [steps[index], result.shape[axis], outputShape[axis]];
    const counted = start < 0 ? start + size : start;
    const first = Math.max(0, Math.min(counted, step < 0 ? size - 1 : size));
    const indices = Int32Array.from({ length: kept }, (_, position) => first + position * step);
    result = tf.gather(result, tf.tensor1d(indices, 'int32'), axis);
  });
  return result;
}

/** The position of the largest element along an axis; the first one of several. */
function argMax(call: NodeCall): Tensor {
  const { tf, node } = call;
  if (intOf(node, 'select_last_index', 0) === 1) throw misfit(node, 'this engine finds the first maximum only');
  const x = call.input(0);
  const positions = tf.argMax(x, (intOf(node, 'axis', 0) + x.rank) % x.rank);
  // A new tensor, as TensorFlow.js would ask for a gradient of indices that come from `x`, and they have none.
  return tf.tensor(positions.dataSync(), call.outputShape(), 'int32');
}

/** Operators that choose elements. */
export const selection: Operations = {
  ArgMax: argMax,
  Gather: gather,
  Slice: slice,
  Where: (call) => {
    const { tf } = call;
    const shape = call.outputShape();
    // TensorFlow.js's gradient of a broadcast choice is not summed back.
    const expand = (x: Tensor): Tensor => tf.broadcastTo(x, shape);
    const condition = tf.cast(expand(tf.cast(call.input(0), 'int32')), 'bool');
    return tf.where(condition, expand(call.input(1)), expand(call.input(2)));
  },
};
