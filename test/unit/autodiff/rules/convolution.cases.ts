import { int, ints, text } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';
import type { Tf, TfTensor } from '../../../support/tensorflow.ts';

interface Convolution {
  readonly title: string;
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly attributes?: Attributes;
  readonly bias?: boolean;
  readonly tensorflow?: (tf: Tf, inputs: TfTensor[]) => TfTensor;
}

const convolution =
  (operator: 'Conv' | 'ConvTranspose') =>
  ({ title, x, w, attributes = {}, bias = false, tensorflow }: Convolution): GradientCase => {
    const group = attributes['group']?.kind === 'int' ? attributes['group'].value : 1;
    const filters = operator === 'Conv' ? w[0]! : w[1]! * group;
    return {
      operator,
      title,
      inputs: [sample(x), sample(w), ...(bias ? [sample([filters])] : [])],
      build: (graph, inputs) => graph.op(operator, inputs, attributes),
      ...(tensorflow ? { tensorflow } : {}),
    };
  };

/** TensorFlow.js's convolution, which keeps the channels last, on images with the channels first. */
const conv2d =
  (strides: [number, number], pads: [number, number, number, number]) =>
  (tf: Tf, [x, w, bias]: TfTensor[]): TfTensor => {
    const [top, left, bottom, right] = pads;
    const image = tf.transpose(x!, [0, 2, 3, 1]) as never;
    const padded = tf.pad(image, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const filter = tf.transpose(w!, [2, 3, 1, 0]);
    const result = tf.conv2d(padded, filter as never, strides, 'valid');
    return tf.transpose(bias ? tf.add(result, bias) : result, [0, 3, 1, 2]);
  };

/** TensorFlow.js's depthwise convolution; weights [C · multiplier, 1, …]. */
const depthwise =
  (strides: [number, number], padding: number, multiplier: number) =>
  (tf: Tf, [x, w]: TfTensor[]): TfTensor => {
    const [filters = 1, , height = 1, width = 1] = w!.shape;
    const image = tf.pad(tf.transpose(x!, [0, 2, 3, 1]) as never, [
      [0, 0],
      [padding, padding],
      [padding, padding],
      [0, 0],
    ]);
    const apart = tf.reshape(w!, [filters / multiplier, multiplier, height, width]);
    const result = tf.depthwiseConv2d(image, tf.transpose(apart, [2, 3, 0, 1]) as never, strides, 'valid');
    return tf.transpose(result, [0, 3, 1, 2]);
  };

const same = (mode: string, stride: number) => ({ auto_pad: text(mode), strides: ints([stride, stride]) });

const forward: readonly Convolution[] = [
  { title: '3×3, no padding', x: [2, 3, 5, 4], w: [4, 3, 3, 3], tensorflow: conv2d([1, 1], [0, 0, 0, 0]) },
  {
    title: '3×3, padding 1, bias',
    x: [2, 2, 4, 5],
    w: [3, 2, 3, 3],
    attributes: { pads: ints([1, 1, 1, 1]) },
    bias: true,
    tensorflow: conv2d([1, 1], [1, 1, 1, 1]),
  },
  {
    title: 'many channels, no padding',
    x: [2, 8, 5, 4],
    w: [3, 8, 3, 3],
    tensorflow: conv2d([1, 1], [0, 0, 0, 0]),
  },
  {
    title: 'many channels, uneven padding that cuts, dilation 2',
    x: [1, 8, 6, 5],
    w: [2, 8, 3, 3],
    attributes: { pads: ints([0, 2, 3, 1]), dilations: ints([2, 1]) },
  },
  {
    title: 'many channels, more filters',
    x: [1, 5, 7, 2],
    w: [5, 5, 13, 1],
    attributes: { pads: ints([6, 0, 6, 0]) },
    tensorflow: conv2d([1, 1], [6, 0, 6, 0]),
  },
  {
    title: '3-D, many channels',
    x: [1, 10, 3, 2, 3],
    w: [2, 10, 2, 2, 2],
    attributes: { pads: ints([1, 0, 0, 0, 1, 1]) },
  },
  {
    title: '3×3 over so many channels that every offset has a product of its own',
    x: [2, 8, 4, 3],
    w: [3, 8, 3, 3],
    attributes: { pads: ints([1, 1, 1, 1]) },
    tensorflow: conv2d([1, 1], [1, 1, 1, 1]),
  },
  {
    title: 'many channels, stride 2',
    x: [1, 9, 5, 4],
    w: [2, 9, 3, 3],
    attributes: { strides: ints([2, 2]), pads: ints([1, 1, 1, 1]) },
    tensorflow: conv2d([2, 2], [1, 1, 1, 1]),
  },
  { title: '1×1', x: [2, 3, 3, 2], w: [4, 3, 1, 1], bias: true, tensorflow: conv2d([1, 1], [0, 0, 0, 0]) },
  {
    title: '1×1, stride 2',
    x: [1, 2, 5, 4],
    w: [3, 2, 1, 1],
    attributes: { strides: ints([2, 2]) },
    tensorflow: conv2d([2, 2], [0, 0, 0, 0]),
  },
  {
    title: 'stride 2, padding 1, an even size that windows do not fill',
    x: [2, 2, 6, 5],
    w: [3, 2, 3, 3],
    attributes: { strides: ints([2, 2]), pads: ints([1, 1, 1, 1]) },
    tensorflow: conv2d([2, 2], [1, 1, 1, 1]),
  },
  {
    title: 'strides 3 and 2, uneven padding, dilations 1 and 2',
    x: [1, 2, 7, 8],
    w: [2, 2, 2, 3],
    attributes: { strides: ints([3, 2]), pads: ints([0, 1, 2, 0]), dilations: ints([1, 2]) },
  },
  {
    title: 'dilation 2, uneven padding',
    x: [1, 2, 7, 6],
    w: [3, 2, 3, 2],
    attributes: { dilations: ints([2, 2]), pads: ints([2, 1, 0, 1]) },
  },
  {
    title: 'padding wider than the kernel reaches',
    x: [1, 2, 3, 2],
    w: [2, 2, 2, 1],
    attributes: { pads: ints([2, 1, 3, 2]) },
    tensorflow: conv2d([1, 1], [2, 1, 3, 2]),
  },
  { title: 'SAME_UPPER, stride 2', x: [1, 2, 5, 6], w: [2, 2, 3, 2], attributes: same('SAME_UPPER', 2) },
  { title: 'SAME_LOWER, stride 1, even kernel', x: [1, 2, 4, 5], w: [2, 2, 2, 4], attributes: same('SAME_LOWER', 1) },
  { title: 'VALID', x: [1, 2, 4, 5], w: [2, 2, 2, 2], attributes: { auto_pad: text('VALID') } },
  {
    title: 'two groups',
    x: [2, 4, 4, 3],
    w: [6, 2, 3, 3],
    attributes: { group: int(2), pads: ints([1, 1, 1, 1]) },
    bias: true,
  },
  {
    title: 'two groups, stride 2',
    x: [2, 4, 5, 4],
    w: [4, 2, 3, 2],
    attributes: { group: int(2), strides: ints([2, 2]), pads: ints([1, 0, 1, 0]) },
  },
  {
    title: 'depthwise',
    x: [2, 3, 5, 4],
    w: [3, 1, 3, 3],
    attributes: { group: int(3), pads: ints([1, 1, 1, 1]) },
    tensorflow: depthwise([1, 1], 1, 1),
  },
  {
    title: 'depthwise, stride 2, bias',
    x: [2, 3, 6, 5],
    w: [3, 1, 3, 3],
    attributes: { group: int(3), pads: ints([1, 1, 1, 1]), strides: ints([2, 2]) },
    bias: true,
  },
  {
    title: 'depthwise with two filters for each channel',
    x: [2, 3, 4, 4],
    w: [6, 1, 2, 2],
    attributes: { group: int(3) },
    tensorflow: depthwise([1, 1], 0, 2),
  },
  { title: 'one channel, kernel as large as the image', x: [2, 1, 3, 3], w: [4, 1, 3, 3] },
  {
    title: '1-D, stride 2, dilation 2',
    x: [2, 3, 9],
    w: [4, 3, 3],
    attributes: { strides: ints([2]), dilations: ints([2]), pads: ints([1, 2]) },
    bias: true,
  },
  { title: '1-D, stride 1', x: [2, 3, 6], w: [2, 3, 4], attributes: { pads: ints([1, 2]) } },
  {
    title: '3-D, stride 1',
    x: [1, 2, 3, 4, 3],
    w: [2, 2, 2, 3, 2],
    attributes: { pads: ints([0, 1, 1, 1, 0, 1]) },
  },
  {
    title: '3-D, strides 2, 1, 2',
    x: [1, 2, 4, 3, 5],
    w: [2, 2, 2, 2, 2],
    attributes: { strides: ints([2, 1, 2]), pads: ints([1, 0, 0, 0, 1, 1]) },
  },
];

const conv2dTranspose =
  (strides: [number, number], output: [number, number, number, number]) =>
  (tf: Tf, [x, w]: TfTensor[]): TfTensor =>
    tf.transpose(
      tf.conv2dTranspose(
        tf.transpose(x!, [0, 2, 3, 1]) as never,
        tf.transpose(w!, [2, 3, 1, 0]) as never,
        output,
        strides,
        'valid',
      ),
      [0, 3, 1, 2],
    );

const transposed: readonly Convolution[] = [
  { title: '3×3', x: [2, 2, 3, 4], w: [2, 3, 3, 3], tensorflow: conv2dTranspose([1, 1], [2, 5, 6, 3]) },
  {
    title: '2×2, stride 2, bias',
    x: [2, 3, 3, 2],
    w: [3, 2, 2, 2],
    attributes: { strides: ints([2, 2]) },
    bias: true,
  },
  {
    title: '3×3, stride 2, padding 1, output padding 1',
    x: [2, 2, 3, 4],
    w: [2, 3, 3, 3],
    attributes: { strides: ints([2, 2]), pads: ints([1, 1, 1, 1]), output_padding: ints([1, 1]) },
  },
  {
    title: 'two groups, dilation 2',
    x: [1, 4, 3, 3],
    w: [4, 3, 2, 2],
    attributes: { group: int(2), dilations: ints([2, 2]), pads: ints([1, 0, 0, 1]) },
  },
  {
    title: 'depthwise, stride 2',
    x: [2, 3, 3, 2],
    w: [3, 1, 3, 3],
    attributes: { group: int(3), strides: ints([2, 2]), pads: ints([1, 1, 1, 1]) },
  },
  {
    title: 'a given output shape',
    x: [1, 2, 3, 3],
    w: [2, 2, 3, 3],
    attributes: { strides: ints([2, 2]), output_shape: ints([6, 5]) },
  },
  {
    title: 'SAME_UPPER, stride 2',
    x: [1, 2, 3, 3],
    w: [2, 2, 3, 3],
    attributes: { strides: ints([2, 2]), auto_pad: text('SAME_UPPER') },
  },
  { title: '1-D, stride 3', x: [2, 2, 4], w: [2, 2, 4], attributes: { strides: ints([3]), pads: ints([1, 0]) } },
];

export const convolutionCases: readonly GradientCase[] = [
  ...forward.map(convolution('Conv')),
  ...transposed.map(convolution('ConvTranspose')),
];
