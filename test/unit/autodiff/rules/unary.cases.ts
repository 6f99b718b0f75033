import { float, text } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { sample, type Distribution, type GradientCase } from '../../../support/gradientCheck.ts';
import type { Tf, TfTensor } from '../../../support/tensorflow.ts';

/** Cases of a function of one value: random shapes with dimensions of size 1, a scalar, and any special inputs. */
function unary(
  operator: string,
  tensorflow?: (tf: Tf, x: TfTensor) => TfTensor,
  {
    from = 'apart',
    attributes = {},
    special = [],
    domain = '',
  }: {
    readonly from?: Distribution;
    readonly attributes?: Attributes;
    readonly special?: readonly number[];
    readonly domain?: string;
  } = {},
): GradientCase[] {
  const described = Object.keys(attributes).length > 0 ? ` ${JSON.stringify(attributes)}` : '';
  const inputs = [
    { title: '[2, 1, 3, 5]', input: sample([2, 1, 3, 5], from) },
    { title: 'a scalar', input: sample([], from) },
    ...(special.length > 0 ? [{ title: `of ${special.join(', ')}`, input: sample([special.length], special) }] : []),
  ];
  return inputs.map(({ title, input }) => ({
    operator: domain === '' ? operator : `${domain}.${operator}`,
    title: title + described,
    inputs: [input],
    build: (graph, [x]) => graph.op(operator, [x], attributes, { domain }),
    ...(tensorflow ? { tensorflow: (tf: Tf, [x]: TfTensor[]) => tensorflow(tf, x!) } : {}),
  }));
}

/** Inputs at which exponentials overflow when a formula is careless. */
const large = [-1000, -100, -20, 20, 100, 1000];
const alpha = (value: number) => ({ alpha: float(value) });

export const unaryCases: readonly GradientCase[] = [
  ...unary('Neg', (tf, x) => tf.neg(x)),
  ...unary('Exp', (tf, x) => tf.exp(x)),
  ...unary('Log', (tf, x) => tf.log(x), { from: 'positive' }),
  ...unary('Sqrt', (tf, x) => tf.sqrt(x), { from: 'positive' }),
  ...unary('Reciprocal', (tf, x) => tf.reciprocal(x), { from: 'positive', special: [-0.5, -3] }),
  ...unary('Abs', (tf, x) => tf.abs(x)),
  ...unary('Sin', (tf, x) => tf.sin(x)),
  ...unary('Cos', (tf, x) => tf.cos(x)),
  ...unary('Tan', (tf, x) => tf.tan(x)),
  ...['Asin', 'Acos', 'Atanh'].map((operator): GradientCase => ({
    operator,
    title: 'between −1 and 1',
    inputs: [sample([5], [-0.9, -0.4, 0.1, 0.5, 0.8])],
    build: (graph, [x]) => graph.op(operator, [x]),
  })),
  ...unary('Sinh', (tf, x) => tf.sinh(x)),
  ...unary('Cosh', (tf, x) => tf.cosh(x)),
  ...unary('Asinh', (tf, x) => tf.asinh(x)),
  {
    operator: 'Acosh',
    title: 'above 1',
    inputs: [sample([3], [1.2, 2, 7])],
    build: (graph, [x]) => graph.op('Acosh', [x]),
  },
  ...unary('Atan', (tf, x) => tf.atan(x), { special: [-100, 100] }),
  ...unary('Erf', (tf, x) => tf.erf(x), { special: [-30, 30] }),
  ...unary('Sign', (tf, x) => tf.sign(x)),
  ...unary('Floor', (tf, x) => tf.floor(x)),
  ...unary('Ceil', (tf, x) => tf.ceil(x)),
  ...unary('Round', (tf, x) => tf.round(x)),
  ...unary('Sigmoid', (tf, x) => tf.sigmoid(x), { special: large }),
  ...unary('Tanh', (tf, x) => tf.tanh(x), { special: large }),
  ...unary('Softplus', (tf, x) => tf.softplus(x), { special: large }),
  ...unary('Softsign', (tf, x) => tf.div(x, tf.add(tf.abs(x), 1)), { special: large }),
  ...unary('Mish', (tf, x) => tf.mul(x, tf.tanh(tf.softplus(x))), { special: large }),
  ...unary('Gelu', (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)), {
    special: [-30, 30],
  }),
  ...unary('Gelu', undefined, { attributes: { approximate: text('tanh') }, special: [-30, 30] }),
  ...unary('Gelu', undefined, { domain: 'com.microsoft', special: [-30, 30] }),
  ...unary('QuickGelu', undefined, { domain: 'com.microsoft', attributes: alpha(1.5), special: large }),
  ...unary('Swish', (tf, x) => tf.mul(x, tf.sigmoid(x)), { special: large }),
  ...unary('Swish', undefined, { attributes: alpha(0.5) }),
  ...unary('Relu', (tf, x) => tf.relu(x), { special: large }),
  ...unary('LeakyRelu', (tf, x) => tf.leakyRelu(x, 0.01)),
  ...unary('LeakyRelu', (tf, x) => tf.leakyRelu(x, 0.3), { attributes: alpha(0.3) }),
  ...unary('ThresholdedRelu', undefined, { attributes: alpha(0.5) }),
  ...unary('Elu', (tf, x) => tf.elu(x), { special: large }),
  ...unary('Elu', undefined, { attributes: alpha(0.4), special: large }),
  ...unary('Selu', (tf, x) => tf.selu(x), { special: large }),
  ...unary('Celu', undefined, { special: large }),
  ...unary('Celu', undefined, { attributes: alpha(2), special: large }),
  ...unary('HardSigmoid', undefined, { special: large }),
  ...unary('HardSigmoid', undefined, { attributes: { alpha: float(0.7), beta: float(0.1) } }),
  ...unary('HardSwish', (tf, x) => tf.div(tf.mul(x, tf.relu6(tf.add(x, 3))), 6), { special: [-3.5, -2.5, 2.5, 3.5] }),
  {
    operator: 'PRelu',
    title: 'one slope per channel',
    inputs: [sample([2, 3, 2, 2], 'apart'), sample([3, 1, 1])],
    build: (graph, inputs) => graph.op('PRelu', inputs),
    tensorflow: (tf, [x, slope]) => tf.prelu(x!, slope!),
  },
  {
    operator: 'PRelu',
    title: 'one slope for all',
    inputs: [sample([2, 3], 'apart'), sample([1])],
    build: (graph, inputs) => graph.op('PRelu', inputs),
    tensorflow: (tf, [x, slope]) => tf.prelu(x!, slope!),
  },
];
