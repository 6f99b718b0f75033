import { DistilleryError } from '../../errors.ts';
import { inputOf, intOf, misfit } from '../attributes.ts';
import { toNumbers } from '../tensor.ts';
import { sameAsInput } from './elementwise.ts';
import { checkedAxis, derivedDimension, positiveAxis, type ShapeRule } from './rule.ts';

/** The k largest or smallest elements along `axis`, and their indices. */
const topK: ShapeRule = ({ node, known }) => {
  const { type, shape } = inputOf(node, 0);
  const axis = checkedAxis(node, intOf(node, 'axis', -1), shape.length);
  const [k] = toNumbers(known(1) ?? { type: 'int64', shape: [0], data: new BigInt64Array() });
  const size = shape[axis];
  if (k !== undefined && typeof size === 'number' && k > size) throw misfit(node, `k = ${k} of ${size} elements`);
  const result = shape.map((dimension, index) => (index === axis ? (k ?? derivedDimension(node, axis)) : dimension));
  return {
    results: [
      { type, shape: result },
      { type: 'int64', shape: result },
    ],
  };
};

/** Indices spread over a new axis of `depth` (input 1) elements; the values are input 2. */
const oneHot: ShapeRule = ({ node, known }) => {
  const { shape } = inputOf(node, 0);
  const depth = known(1);
  const axis = positiveAxis(intOf(node, 'axis', -1), shape.length + 1);
  if (axis < 0 || axis > shape.length) throw misfit(node, `there is no axis ${axis} among ${shape.length + 1}`);
  const classes = depth ? (toNumbers(depth)[0] ?? 0) : derivedDimension(node, axis);
  return {
    results: [{ type: inputOf(node, 2).type, shape: [...shape.slice(0, axis), classes, ...shape.slice(axis)] }],
  };
};

/** Operators whose output size depends on the data. */
const dataDependent: ShapeRule = ({ node }) => {
  throw new DistilleryError(
    'UNSUPPORTED',
    `Node '${node.name}': the output size of ${node.operator} depends on the data, which is not supported.`,
  );
};

export const selectionRules: Readonly<Record<string, ShapeRule>> = {
  TopK: topK,
  OneHot: oneHot,
  CumSum: sameAsInput,
  Trilu: sameAsInput,
  ReverseSequence: sameAsInput,
  NonZero: dataDependent,
  Unique: dataDependent,
  Compress: dataDependent,
  NonMaxSuppression: dataDependent,
};
