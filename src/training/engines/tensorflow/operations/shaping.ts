import { intOf, intsOf, misfit, textOf } from '../../../../onnx/attributes.ts';
import type { NodeCall, Operation, Operations } from '../nodeCall.ts';
import type { Tensor } from '../tensorflow.ts';
import { tensorflowType } from '../tensorOf.ts';

/** The same elements in the same order: the graph has inferred the dimensions. */
const reshape: Operation = (call) => call.tf.reshape(call.input(0), call.outputShape());

/** The tensor as it is, such as dropout outside of training. */
const pass: Operation = (call) => call.input(0);

function axisOf(call: NodeCall, fallback: number): number {
  const { rank } = call.input(0);
  return (intOf(call.node, 'axis', fallback) + rank) % rank;
}

function cast(call: NodeCall): Tensor {
  const output = call.node.outputs[0];
  if (!output) throw misfit(call.node, 'output 0 is missing');
  return call.tf.cast(call.input(0), tensorflowType(output.type));
}

function split(call: NodeCall): Tensor[] {
  const axis = axisOf(call, 0);
  const sizes = call.node.outputs.map((_, index) => call.outputShape(index)[axis] ?? 0);
  return call.tf.split(call.input(0), sizes, axis);
}

function pad(call: NodeCall): Tensor {
  const { tf, node } = call;
  const x = call.input(0);
  if (textOf(node, 'mode', 'constant') !== 'constant') throw misfit(node, 'this engine pads with a constant only');
  const given = call.integers(1) ?? [];
  const axes = (call.integers(3) ?? x.shape.map((_, axis) => axis)).map((axis) => (axis + x.rank) % x.rank);
  const pads = x.shape.map((): [number, number] => [0, 0]);
  axes.forEach((axis, index) => {
    pads[axis] = [given[index] ?? 0, given[index + axes.length] ?? 0];
  });
  if (pads.flat().some((amount) => amount < 0)) throw misfit(node, 'this engine has no negative pads');
  const [value = 0] = call.integers(2) ?? [];
  return tf.pad(x, pads, value);
}

function depthToSpace(call: NodeCall): Tensor {
  const { tf, node } = call;
  const [batch = 1, channels = 1, height = 1, width = 1] = call.input(0).shape;
  const block = intOf(node, 'blocksize', 1);
  const depth = channels / block ** 2;
  const columnsFirst = textOf(node, 'mode', 'DCR') === 'DCR';
  const parts = columnsFirst
    ? tf.transpose(tf.reshape(call.input(0), [batch, block, block, depth, height * width]), [0, 3, 1, 2, 4])
    : tf.reshape(call.input(0), [batch, depth, block, block, height * width]);
  const spread = tf.reshape(parts, [batch * depth, block, block, height, width]);
  return tf.reshape(tf.transpose(spread, [0, 3, 1, 4, 2]), call.outputShape());
}

/** Operators that rearrange elements. */
export const shaping: Operations = {
  Cast: cast,
  Concat: (call) => call.tf.concat(call.all(), axisOf(call, 0)),
  DepthToSpace: depthToSpace,
  Dropout: pass,
  Expand: (call) => call.tf.broadcastTo(call.input(0), call.outputShape()),
  Flatten: reshape,
  Identity: pass,
  Pad: pad,
  Reshape: reshape,
  Split: split,
  Squeeze: reshape,
  Tile: (call) => call.tf.tile(call.input(0), [...(call.integers(1) ?? [])]),
  Transpose: (call) => {
    const permutation = intsOf(call.node, 'perm');
    return call.tf.transpose(call.input(0), permutation && [...permutation]);
  },
  Unsqueeze: reshape,
};
