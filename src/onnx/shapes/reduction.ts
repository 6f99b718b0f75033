import { inputOf, intOf, intsOf, misfit } from '../attributes.ts';
import { toNumbers } from '../tensor.ts';
import { checkedAxis, type ShapeRule } from './rule.ts';

/** Reduction over the axes of input 1 (or attribute `axes`), all when absent, unless `noop_with_empty_axes`. */
const reduce: ShapeRule = ({ node, known }) => {
  const input = inputOf(node, 0);
  const rank = input.shape.length;
  const axesTensor = known(1);
  if (node.inputs[1] && !axesTensor) throw misfit(node, 'the axes are not a constant');
  const given = axesTensor ? toNumbers(axesTensor) : (intsOf(node, 'axes') ?? []);
  if (given.length === 0 && intOf(node, 'noop_with_empty_axes', 0))
    return { results: [{ type: input.type, shape: input.shape }] };
  const axes = new Set(
    (given.length === 0 ? input.shape.map((_, axis) => axis) : given).map((axis) => checkedAxis(node, axis, rank)),
  );
  const keep = intOf(node, 'keepdims', 1) === 1;
  const shape = input.shape.flatMap((dimension, axis) => (!axes.has(axis) ? [dimension] : keep ? [1] : []));
  return { results: [{ type: input.type, shape }] };
};

/** Index of the largest or smallest element along one axis. */
const argReduce: ShapeRule = ({ node }) => {
  const input = inputOf(node, 0);
  const axis = checkedAxis(node, intOf(node, 'axis', 0), input.shape.length);
  const keep = intOf(node, 'keepdims', 1) === 1;
  const shape = input.shape.flatMap((dimension, index) => (index !== axis ? [dimension] : keep ? [1] : []));
  return { results: [{ type: 'int64', shape }] };
};

const reductions = [
  'ReduceSum',
  'ReduceMean',
  'ReduceMax',
  'ReduceMin',
  'ReduceProd',
  'ReduceSumSquare',
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSum',
  'ReduceLogSumExp',
];

export const reductionRules: Readonly<Record<string, ShapeRule>> = {
  ...Object.fromEntries(reductions.map((operator) => [operator, reduce])),
  ArgMax: argReduce,
  ArgMin: argReduce,
};
