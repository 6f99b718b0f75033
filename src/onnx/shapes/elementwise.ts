import { inputOf, misfit } from '../attributes.ts';
import type { DataType } from '../tensor.ts';
import { broadcastShapes } from './broadcast.ts';
import { type ShapeRule } from './rule.ts';

/** Output like input 0: activations and the like. */
const sameAsInput: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  return { results: Array.from({ length: node.outputCount }, () => ({ type, shape })) };
};

/** Output of the broadcast shape of all inputs, of the first input's type or of `type`. */
const broadcast =
  (type?: DataType): ShapeRule =>
  ({ node }) => {
    const shape = broadcastShapes(node.inputs.flatMap((value) => (value ? [value.shape] : [])));
    if (!shape) throw misfit(node, 'the shapes do not broadcast');
    return { results: [{ type: type ?? inputOf(node, 0).type, shape }] };
  };

const unary = [
  'Relu',
  'Sigmoid',
  'Tanh',
  'Exp',
  'Log',
  'Sqrt',
  'Neg',
  'Abs',
  'Reciprocal',
  'Erf',
  'Identity',
  'Softmax',
  'LogSoftmax',
  'Sign',
  'Floor',
  'Not',
  'Sin',
  'Cos',
];
const binary = ['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'Sum', 'Mean', 'And', 'Or'];
const comparisons = ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'];

export const elementwiseRules: Readonly<Record<string, ShapeRule>> = {
  ...Object.fromEntries(unary.map((operator) => [operator, sameAsInput])),
  ...Object.fromEntries(binary.map((operator) => [operator, broadcast()])),
  ...Object.fromEntries(comparisons.map((operator) => [operator, broadcast('bool')])),
};
