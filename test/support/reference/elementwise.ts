import { floatOf, intOf, textOf } from '../../../src/onnx/attributes.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { atBroadcast, broadcastShape, fill, type NumberArray } from './array.ts';
import { errorFunction } from './errorFunction.ts';
import { given, type Operator } from './operator.ts';

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

const hardSigmoid = (x: number, node: Node) =>
  clamp(floatOf(node, 'alpha', 0.2) * x + floatOf(node, 'beta', 0.5), 0, 1);

const gelu = (x: number, node: Node) =>
  textOf(node, 'approximate', 'none') === 'tanh'
    ? 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
    : 0.5 * x * (1 + errorFunction(x / Math.SQRT2));

const selu = (x: number, node: Node) => {
  const alpha = floatOf(node, 'alpha', 1.67326319217681884765625);
  const gamma = floatOf(node, 'gamma', 1.05070102214813232421875);
  return gamma * (x > 0 ? x : alpha * Math.expm1(x));
};

const celu = (x: number, node: Node) => {
  const alpha = floatOf(node, 'alpha', 1);
  return Math.max(x, 0) + Math.min(0, alpha * Math.expm1(x / alpha));
};

/** ONNX's numbers of the integer types and of bool. */
const integerTypes = [2, 3, 4, 5, 6, 7, 12, 13];
const cast = (x: number, node: Node) => {
  const to = intOf(node, 'to', 1);
  if (to === 9) return x === 0 ? 0 : 1;
  return integerTypes.includes(to) ? Math.trunc(x) : x;
};

const unary: Readonly<Record<string, (x: number, node: Node) => number>> = {
  Identity: (x) => x,
  Neg: (x) => -x,
  Abs: Math.abs,
  Sign: Math.sign,
  Floor: Math.floor,
  Ceil: Math.ceil,
  /** Halves to the even neighbour. */
  Round: (x) => (x % 1 === 0.5 || x % 1 === -0.5 ? 2 * Math.round(x / 2) : Math.round(x)),
  Exp: Math.exp,
  Log: Math.log,
  Sqrt: Math.sqrt,
  Reciprocal: (x) => 1 / x,
  Sin: Math.sin,
  Cos: Math.cos,
  Tan: Math.tan,
  Atan: Math.atan,
  Asin: Math.asin,
  Acos: Math.acos,
  Sinh: Math.sinh,
  Cosh: Math.cosh,
  Asinh: Math.asinh,
  Acosh: Math.acosh,
  Atanh: Math.atanh,
  Erf: errorFunction,
  Relu: (x) => Math.max(x, 0),
  Sigmoid: sigmoid,
  Tanh: Math.tanh,
  LeakyRelu: (x, node) => (x < 0 ? floatOf(node, 'alpha', 0.01) * x : x),
  ThresholdedRelu: (x, node) => (x > floatOf(node, 'alpha', 1) ? x : 0),
  Elu: (x, node) => (x > 0 ? x : floatOf(node, 'alpha', 1) * Math.expm1(x)),
  Selu: selu,
  Celu: celu,
  HardSigmoid: hardSigmoid,
  HardSwish: (x) => x * clamp(x / 6 + 0.5, 0, 1),
  Gelu: gelu,
  'com.microsoft.Gelu': gelu,
  Swish: (x, node) => x * sigmoid(floatOf(node, 'alpha', 1) * x),
  'com.microsoft.QuickGelu': (x, node) => x * sigmoid(floatOf(node, 'alpha', 1.702) * x),
  Softplus: softplus,
  Softsign: (x) => x / (1 + Math.abs(x)),
  Mish: (x) => x * Math.tanh(softplus(x)),
  Not: (x) => (x === 0 ? 1 : 0),
  Cast: cast,
  Dropout: (x) => x,
};

const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  PRelu: (x, slope) => (x < 0 ? slope * x : x),
  Equal: (a, b) => Number(a === b),
  Greater: (a, b) => Number(a > b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
};

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const variadic: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Max: (values) => Math.max(...values),
  Min: (values) => Math.min(...values),
  Sum: total,
  Mean: (values) => total(values) / values.length,
};

function combine(arrays: readonly NumberArray[], element: (values: number[]) => number): NumberArray {
  const shape = broadcastShape(arrays.map((array) => array.shape));
  return fill(shape, (index) => element(arrays.map((array) => atBroadcast(array, index))));
}

const clip: Operator = ([x, low, high]) => [
  fill(given(x).shape, (index) =>
    clamp(atBroadcast(given(x), index), low?.data[0] ?? -Infinity, high?.data[0] ?? Infinity),
  ),
];

const where: Operator = (inputs) => [
  combine(inputs.map(given), ([condition, yes, no]) => (condition === 0 ? no! : yes!)),
];

const entries = (table: Readonly<Record<string, unknown>>, make: (name: string) => Operator) =>
  Object.fromEntries(Object.keys(table).map((name) => [name, make(name)]));

export const elementwiseOperators: Readonly<Record<string, Operator>> = {
  ...entries(unary, (name) => ([x], node) => [
    { shape: given(x).shape, data: given(x).data.map((element) => unary[name]!(element, node)) },
  ]),
  ...entries(binary, (name) => (inputs) => [combine(inputs.map(given), ([a, b]) => binary[name]!(a!, b!))]),
  ...entries(variadic, (name) => (inputs) => [combine(inputs.map(given), variadic[name]!)]),
  Clip: clip,
  CastLike: ([x]) => [given(x)],
  Where: where,
};
