import { int, ints, text } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';
import type { Tf, TfTensor } from '../../../support/tensorflow.ts';

interface Pool {
  readonly title: string;
  readonly shape: readonly number[];
  readonly attributes: Attributes;
  /** Where all strides and sizes are what TensorFlow.js can say: kernel, stride, padding. */
  readonly plain?: readonly [kernel: number, stride: number, padding: number];
}

const pools: readonly Pool[] = [
  {
    title: '2×2, stride 2',
    shape: [2, 2, 4, 6],
    attributes: { kernel_shape: ints([2, 2]), strides: ints([2, 2]) },
    plain: [2, 2, 0],
  },
  {
    title: '2×2, stride 2, a row and a column left over',
    shape: [2, 1, 5, 7],
    attributes: { kernel_shape: ints([2, 2]), strides: ints([2, 2]) },
    plain: [2, 2, 0],
  },
  {
    title: '3×3, stride 2, padding 1',
    shape: [1, 2, 6, 7],
    attributes: { kernel_shape: ints([3, 3]), strides: ints([2, 2]), pads: ints([1, 1, 1, 1]) },
    plain: [3, 2, 1],
  },
  {
    title: '3×3, stride 1, padding 1',
    shape: [1, 2, 4, 3],
    attributes: { kernel_shape: ints([3, 3]), pads: ints([1, 1, 1, 1]) },
    plain: [3, 1, 1],
  },
  {
    title: '3×2, strides 2 and 3, uneven padding',
    shape: [2, 1, 6, 8],
    attributes: { kernel_shape: ints([3, 2]), strides: ints([2, 3]), pads: ints([1, 0, 2, 1]) },
  },
  {
    title: '2×2, stride 3: windows with gaps',
    shape: [1, 2, 7, 8],
    attributes: { kernel_shape: ints([2, 2]), strides: ints([3, 3]) },
    plain: [2, 3, 0],
  },
  {
    title: '2×2, dilation 2, stride 3',
    shape: [1, 1, 8, 9],
    attributes: { kernel_shape: ints([2, 2]), strides: ints([3, 3]), dilations: ints([2, 2]) },
  },
  {
    title: '2×3, stride 2, ceil_mode',
    shape: [1, 2, 5, 6],
    attributes: { kernel_shape: ints([2, 3]), strides: ints([2, 2]), ceil_mode: int(1) },
  },
  {
    title: '3×3, stride 2, padding 1, ceil_mode',
    shape: [1, 1, 6, 6],
    attributes: { kernel_shape: ints([3, 3]), strides: ints([2, 2]), pads: ints([1, 1, 1, 1]), ceil_mode: int(1) },
  },
  {
    title: 'SAME_UPPER, 3×2, stride 2',
    shape: [1, 2, 5, 5],
    attributes: { kernel_shape: ints([3, 2]), strides: ints([2, 2]), auto_pad: text('SAME_UPPER') },
  },
  {
    title: 'SAME_LOWER, 2×2, stride 1',
    shape: [1, 1, 3, 4],
    attributes: { kernel_shape: ints([2, 2]), auto_pad: text('SAME_LOWER') },
  },
  { title: '1×1', shape: [1, 2, 3, 3], attributes: { kernel_shape: ints([1, 1]) }, plain: [1, 1, 0] },
  {
    title: '1×1, stride 2',
    shape: [1, 2, 4, 5],
    attributes: { kernel_shape: ints([1, 1]), strides: ints([2, 2]) },
    plain: [1, 2, 0],
  },
  { title: 'the whole image', shape: [2, 2, 3, 3], attributes: { kernel_shape: ints([3, 3]) }, plain: [3, 1, 0] },
  { title: '1-D, stride 2', shape: [2, 2, 7], attributes: { kernel_shape: ints([3]), strides: ints([2]) } },
  {
    title: '3-D, strides 1, 2, 2',
    shape: [1, 1, 3, 4, 5],
    attributes: { kernel_shape: ints([2, 2, 3]), strides: ints([1, 2, 2]), pads: ints([0, 0, 1, 1, 0, 0]) },
  },
];

/** The same pool in TensorFlow.js, which keeps the channels last. */
const pooled =
  (kind: 'maxPool' | 'avgPool', [kernel, stride, padding]: NonNullable<Pool['plain']>) =>
  (tf: Tf, [x]: TfTensor[]): TfTensor => {
    const image = tf.transpose(x!, [0, 2, 3, 1]) as never;
    const result = tf[kind](image, kernel, stride, padding, padding === 0 ? undefined : 'floor');
    return tf.transpose(result, [0, 3, 1, 2]);
  };

const maximum = ({ title, shape, attributes, plain }: Pool): GradientCase => ({
  operator: 'MaxPool',
  title,
  inputs: [sample(shape, 'apart')],
  build: (graph, [x]) => graph.op('MaxPool', [x], attributes),
  ...(plain ? { tensorflow: pooled('maxPool', plain) } : {}),
});

const average =
  (countPadding: 0 | 1) =>
  ({ title, shape, attributes, plain }: Pool): GradientCase => ({
    operator: 'AveragePool',
    title: `${title}, count_include_pad ${countPadding}`,
    inputs: [sample(shape)],
    build: (graph, [x]) => graph.op('AveragePool', [x], { ...attributes, count_include_pad: int(countPadding) }),
    // TensorFlow.js's gradient divides by the whole window at the padding too.
    ...(plain && plain[2] === 0 ? { tensorflow: pooled('avgPool', plain) } : {}),
  });

const norm = (p: number, { title, shape, attributes }: Pool): GradientCase => ({
  operator: 'LpPool',
  title: `${title}, p ${p}`,
  inputs: [sample(shape, 'apart')],
  build: (graph, [x]) => graph.op('LpPool', [x], { ...attributes, p: int(p) }),
});

export const poolingCases: readonly GradientCase[] = [
  ...pools.map(maximum),
  ...pools.map(average(0)),
  ...pools.map(average(1)),
  ...[1, 2, 3].flatMap((p) => [norm(p, pools[0]!), norm(p, pools[2]!)]),
  {
    operator: 'GlobalAveragePool',
    title: '[2, 3, 2, 4]',
    inputs: [sample([2, 3, 2, 4])],
    build: (graph, [x]) => graph.op('GlobalAveragePool', [x]),
    tensorflow: (tf, [x]) => tf.mean(x!, [2, 3], true),
  },
  {
    operator: 'GlobalAveragePool',
    title: '1-D',
    inputs: [sample([2, 3, 5])],
    build: (graph, [x]) => graph.op('GlobalAveragePool', [x]),
  },
  {
    operator: 'GlobalMaxPool',
    title: '[2, 3, 2, 4]',
    inputs: [sample([2, 3, 2, 4], 'apart')],
    build: (graph, [x]) => graph.op('GlobalMaxPool', [x]),
    tensorflow: (tf, [x]) => tf.max(x!, [2, 3], true),
  },
];
