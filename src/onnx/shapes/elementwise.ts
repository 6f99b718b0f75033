import { inputOf, intOf, misfit } from '../attributes.ts';
import type { DataType } from '../tensor.ts';
import { dataTypeOf } from '../tensorProto.ts';
import { broadcastShapes } from './broadcast.ts';
import type { ShapeRule } from './rule.ts';

/** Output like input 0: activations and the like. */
export const sameAsInput: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  return { results: Array.from({ length: node.outputCount }, () => ({ type, shape })) };
};

/** Output of input 0's shape and of the given type. */
const sameShape =
  (type: DataType): ShapeRule =>
  ({ node }) => ({ results: [{ type, shape: inputOf(node, 0).shape }] });

/** Output of the broadcast shape of all inputs, of the first input's type or of `type`. */
const broadcast =
  (type?: DataType): ShapeRule =>
  ({ node }) => {
    const shape = broadcastShapes(node.inputs.flatMap((value) => (value ? [value.shape] : [])));
    if (!shape) throw misfit(node, 'the shapes do not broadcast');
    return { results: [{ type: type ?? inputOf(node, 0).type, shape }] };
  };

/** Output like input 0, to whose shape input 1 must broadcast (PRelu's slopes, a bias). */
const broadcastToFirst: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const merged = broadcastShapes([shape, inputOf(node, 1).shape]);
  if (merged?.length !== shape.length || merged.some((dimension, axis) => shape[axis] === 1 && dimension !== 1)) {
    throw misfit(node, 'input 1 does not broadcast to the shape of input 0');
  }
  return { results: [{ type, shape }] };
};

const where: ShapeRule = ({ node }) => {
  const shape = broadcastShapes([0, 1, 2].map((index) => inputOf(node, index).shape));
  if (!shape) throw misfit(node, 'the shapes do not broadcast');
  return { results: [{ type: inputOf(node, 1).type, shape }] };
};

const cast: ShapeRule = ({ node }) => {
  const type = dataTypeOf(intOf(node, 'to', 0), `The result of node '${node.name}'`);
  return { results: [{ type, shape: inputOf(node, 0).shape }] };
};

const castLike: ShapeRule = ({ node }) => ({
  results: [{ type: inputOf(node, 1).type, shape: inputOf(node, 0).shape }],
});

/** Dropout and its mask of kept elements. */
const dropout: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  return {
    results: [
      { type, shape },
      { type: 'bool', shape },
    ],
  };
};

const unary = [
  'Abs',
  'Acos',
  'Acosh',
  'Asin',
  'Asinh',
  'Atan',
  'Atanh',
  'BitwiseNot',
  'Ceil',
  'Celu',
  'Clip',
  'Cos',
  'Cosh',
  'Elu',
  'Erf',
  'Exp',
  'Floor',
  'Gelu',
  'HardSigmoid',
  'HardSwish',
  'Hardmax',
  'Identity',
  'LRN',
  'LeakyRelu',
  'Log',
  'LogSoftmax',
  'LpNormalization',
  'MeanVarianceNormalization',
  'Mish',
  'Neg',
  'Not',
  'Reciprocal',
  'Relu',
  'Round',
  'Selu',
  'Shrink',
  'Sigmoid',
  'Sign',
  'Sin',
  'Sinh',
  'Softmax',
  'Softplus',
  'Softsign',
  'Sqrt',
  'Swish',
  'Tan',
  'Tanh',
  'ThresholdedRelu',
  'com.microsoft.FastGelu',
  'com.microsoft.Gelu',
  'com.microsoft.QuickGelu',
];
const binary = [
  'Add',
  'And',
  'BitShift',
  'BitwiseAnd',
  'BitwiseOr',
  'BitwiseXor',
  'Div',
  'Max',
  'Mean',
  'Min',
  'Mod',
  'Mul',
  'Or',
  'Pow',
  'Sub',
  'Sum',
  'Xor',
];
const comparisons = ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'];

export const elementwiseRules: Readonly<Record<string, ShapeRule>> = {
  ...Object.fromEntries(unary.map((operator) => [operator, sameAsInput])),
  ...Object.fromEntries(binary.map((operator) => [operator, broadcast()])),
  ...Object.fromEntries(comparisons.map((operator) => [operator, broadcast('bool')])),
  IsNaN: sameShape('bool'),
  IsInf: sameShape('bool'),
  PRelu: broadcastToFirst,
  'com.microsoft.BiasGelu': broadcastToFirst,
  Where: where,
  Cast: cast,
  CastLike: castLike,
  Dropout: dropout,
};
