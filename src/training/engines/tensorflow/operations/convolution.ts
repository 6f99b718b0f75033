import { intOf, intsOf, misfit } from '../../../../onnx/attributes.ts';
import { windowOf, type Window } from '../../../../onnx/window.ts';
import type { NodeCall, Operations } from '../nodeCall.ts';
import type { Tensor, Tensor4D, TensorFlow } from '../tensorflow.ts';

/** NCHW → NHWC: TensorFlow.js's CPU backends convolve channels-last only. */
export function channelsLast(tf: TensorFlow, x: Tensor): Tensor4D {
  return tf.transpose(x, [0, 2, 3, 1]) as Tensor4D;
}

/** NHWC → NCHW. */
export function channelsFirst(tf: TensorFlow, x: Tensor): Tensor {
  return tf.transpose(x, [0, 3, 1, 2]);
}

/** The window of a node that slides over [B, C, H, W]. A node over [B, C, W] slides over height 1. */
export function imageWindow(call: NodeCall, kernel: readonly number[]): Window {
  const window = windowOf(call.node, call.input(0).shape.slice(2), kernel);
  if (window.kernel.length === 2) return window;
  if (window.kernel.length !== 1) throw misfit(call.node, 'this engine slides over one or two axes');
  return {
    kernel: [1, ...window.kernel],
    strides: [1, ...window.strides],
    dilations: [1, ...window.dilations],
    padsBegin: [0, ...window.padsBegin],
    padsEnd: [0, ...window.padsEnd],
  };
}

/** [B, C, W] → [B, C, 1, W]; images as they are. */
export function asImages(tf: TensorFlow, x: Tensor): Tensor {
  return x.rank === 3 ? tf.expandDims(x, 2) : x;
}

/** Pads the spatial axes of NHWC images. */
export function padImages(tf: TensorFlow, x: Tensor4D, { padsBegin, padsEnd }: Window, value: number): Tensor4D {
  const pads = [0, 1].map((axis): [number, number] => [padsBegin[axis] ?? 0, padsEnd[axis] ?? 0]);
  return pads.flat().some((pad) => pad !== 0) ? tf.pad(x, [[0, 0], ...pads, [0, 0]], value) : x;
}

/** Writes zeros between the taps of a kernel [kh, kw, I, O]: TensorFlow.js has no gradient of dilated convolutions. */
function dilateKernel(tf: TensorFlow, kernel: Tensor4D, dilations: readonly number[]): Tensor4D {
  const [height, width, inputs, outputs] = kernel.shape;
  const [down = 1, across = 1] = dilations;
  if (down === 1 && across === 1) return kernel;
  const spaced = tf.pad(tf.reshape(kernel, [height, 1, width, 1, inputs * outputs]), [
    [0, 0],
    [0, down - 1],
    [0, 0],
    [0, across - 1],
    [0, 0],
  ]);
  const whole = tf.reshape(spaced, [height * down, width * across, inputs, outputs]);
  const extent = [(height - 1) * down + 1, (width - 1) * across + 1, inputs, outputs];
  return tf.slice(whole, [0, 0, 0, 0], extent) as Tensor4D;
}

function convolution(call: NodeCall): Tensor {
  const { tf, node } = call;
  const window = imageWindow(call, call.input(1).shape.slice(2));
  const groups = intOf(node, 'group', 1);
  const images = padImages(tf, channelsLast(tf, asImages(tf, call.input(0))), window, 0);
  const oihw = asImages(tf, call.input(1));
  const kernel = dilateKernel(tf, tf.transpose(oihw, [2, 3, 1, 0]) as Tensor4D, window.dilations);
  const [down = 1, across = 1] = window.strides;
  const strides: [number, number] = [down, across];
  const channels = images.shape[3];

  let result: Tensor;
  if (groups === 1) {
    result = tf.conv2d(images, kernel, strides, 'valid');
  } else if (groups === channels && down === across) {
    // [kh, kw, 1, C · M] → [kh, kw, C, M]: the outputs of channel c are c · M, c · M + 1, … in both.
    const [height, width, , outputs] = kernel.shape;
    const depthwise = tf.reshape(kernel, [height, width, channels, outputs / channels]);
    result = tf.depthwiseConv2d(images, depthwise as Tensor4D, strides, 'valid');
  } else {
    const kernels = tf.split<Tensor4D>(kernel, groups, 3);
    const parts = tf
      .split<Tensor4D>(images, groups, 3)
      .map((part, group) => tf.conv2d(part, kernels[group] ?? kernel, strides, 'valid'));
    result = tf.concat(parts, 3);
  }
  const bias = call.optional(2);
  return tf.reshape(channelsFirst(tf, bias ? tf.add(result, bias) : result), call.outputShape());
}

function transposedConvolution(call: NodeCall): Tensor {
  const { tf, node } = call;
  if (intOf(node, 'group', 1) !== 1 || call.input(0).rank !== 4) {
    throw misfit(node, 'this engine has transposed convolutions of images in one group only');
  }
  const [down = 1, across = 1] = intsOf(node, 'strides') ?? [];
  const [top = 0, left = 0] = intsOf(node, 'pads') ?? [];
  const images = channelsLast(tf, call.input(0));
  // [I, O, kh, kw] → [kh, kw, O, I]
  const kernel = tf.transpose(call.input(1), [2, 3, 1, 0]) as Tensor4D;
  const dilated = dilateKernel(tf, kernel, intsOf(node, 'dilations') ?? []);
  const [batch, height, width] = images.shape;
  const [kernelHeight, kernelWidth, outputs] = dilated.shape;
  const full = [(height - 1) * down + kernelHeight, (width - 1) * across + kernelWidth] as const;
  const spread = tf.conv2dTranspose(images, dilated, [batch, ...full, outputs], [down, across], 'valid');
  // What output_padding adds lies beyond the last window.
  const [, , outputHeight = 0, outputWidth = 0] = call.outputShape();
  const missing = [Math.max(0, top + outputHeight - full[0]), Math.max(0, left + outputWidth - full[1])];
  const whole = padImages(
    tf,
    spread,
    { kernel: [], strides: [], dilations: [], padsBegin: [0, 0], padsEnd: missing },
    0,
  );
  const cut = tf.slice(whole, [0, top, left, 0], [batch, outputHeight, outputWidth, outputs]);
  const bias = call.optional(2);
  return channelsFirst(tf, bias ? tf.add(cut, bias) : cut);
}

/** Convolutions over one or two axes. */
export const convolutions: Operations = { Conv: convolution, ConvTranspose: transposedConvolution };
