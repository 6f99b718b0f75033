import { intOf, intsOf, misfit } from '../../../../onnx/attributes.ts';
import type { Window } from '../../../../onnx/window.ts';
import type { NodeCall, Operations } from '../nodeCall.ts';
import type { Tensor, Tensor4D } from '../tensorflow.ts';
import { asImages, channelsFirst, channelsLast, imageWindow, padImages } from './convolution.ts';

/** The pool's window, with the padding at the end that `ceil_mode` implies. */
function poolWindow(call: NodeCall): Window {
  const { node } = call;
  const kernel = intsOf(node, 'kernel_shape');
  if (!kernel) throw misfit(node, 'kernel_shape is missing');
  const window = imageWindow(call, kernel);
  if (window.dilations.some((dilation) => dilation !== 1)) throw misfit(node, 'this engine has no dilated pools');
  const input = asImages(call.tf, call.input(0)).shape.slice(2);
  const positions = call.outputShape().slice(2);
  if (positions.length === 1) positions.unshift(1);
  const padsEnd = window.padsEnd.map((pad, axis) => {
    const [size = 1, stride = 1, begin = 0] = [window.kernel[axis], window.strides[axis], window.padsBegin[axis]];
    const needed = ((positions[axis] ?? 1) - 1) * stride + size;
    return Math.max(pad, needed - (input[axis] ?? 0) - begin);
  });
  return { ...window, padsEnd };
}

type Pair = [number, number];

function maxPool(call: NodeCall): Tensor {
  const { tf, node } = call;
  if (node.outputs[1]) throw misfit(node, 'this engine does not return the indices of the maxima');
  const window = poolWindow(call);
  const images = padImages(tf, channelsLast(tf, asImages(tf, call.input(0))), window, -Infinity);
  const pooled = tf.maxPool(images, [...window.kernel] as Pair, [...window.strides] as Pair, 'valid');
  return tf.reshape(channelsFirst(tf, pooled), call.outputShape());
}

function averagePool(call: NodeCall): Tensor {
  const { tf, node } = call;
  const window = poolWindow(call);
  const images = channelsLast(tf, asImages(tf, call.input(0)));
  const pool = (x: Tensor4D): Tensor =>
    tf.avgPool(padImages(tf, x, window, 0), [...window.kernel] as Pair, [...window.strides] as Pair, 'valid');
  const share = intOf(node, 'count_include_pad', 0) === 1 ? undefined : pool(tf.onesLike(images));
  const pooled = pool(images);
  return tf.reshape(channelsFirst(tf, share ? tf.div(pooled, share) : pooled), call.outputShape());
}

/** Axes behind batch and channels. */
function spatialAxes(x: Tensor): number[] {
  return x.shape.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
}

/** Pools over one or two axes, and over all of them. */
export const pooling: Operations = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: (call) => call.tf.mean(call.input(0), spatialAxes(call.input(0)), true),
  GlobalMaxPool: (call) => call.tf.max(call.input(0), spatialAxes(call.input(0)), true),
};
