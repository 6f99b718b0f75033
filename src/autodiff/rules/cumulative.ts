import { inputOf, intOf } from '../../onnx/attributes.ts';
import { int } from '../../onnx/graph.ts';
import { firstOutputGradient, type GradientRule } from '../rule.ts';

/** Every element is in the sums behind it: a sum from the other end. */
const cumulativeSum: GradientRule = (context) => {
  const { graph, node } = context;
  return [
    graph.op('CumSum', [firstOutputGradient(context), inputOf(node, 1)], {
      exclusive: int(intOf(node, 'exclusive', 0)),
      reverse: int(1 - intOf(node, 'reverse', 0)),
    }),
  ];
};

/** The same triangle of the gradient. */
const triangle: GradientRule = (context) => {
  const { graph, node } = context;
  const diagonal = node.inputs[1];
  const g = firstOutputGradient(context);
  return [graph.op('Trilu', diagonal ? [g, diagonal] : [g], { upper: int(intOf(node, 'upper', 1)) })];
};

export const cumulativeRules: Readonly<Record<string, GradientRule>> = { CumSum: cumulativeSum, Trilu: triangle };
