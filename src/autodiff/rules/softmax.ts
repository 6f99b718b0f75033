import { intOf } from '../../onnx/attributes.ts';
import { formula } from '../formula.ts';
import { sumOver } from '../layout.ts';
import { firstOutputGradient, outputOf, type GradientRule } from '../rule.ts';

/** y · (g − Σ g · y), the sum along the axis. */
const softmax: GradientRule = (context) => {
  const { graph, node } = context;
  const { mul, sub } = formula(graph);
  const g = firstOutputGradient(context);
  const y = outputOf(node, 0);
  return [mul(y, sub(g, sumOver(graph, mul(g, y), [intOf(node, 'axis', -1)], true)))];
};

/** g − eʸ · Σ g, the sum along the axis. */
const logSoftmax: GradientRule = (context) => {
  const { graph, node } = context;
  const { mul, sub, exp } = formula(graph);
  const g = firstOutputGradient(context);
  return [sub(g, mul(exp(outputOf(node, 0)), sumOver(graph, g, [intOf(node, 'axis', -1)], true)))];
};

export const softmaxRules: Readonly<Record<string, GradientRule>> = { Softmax: softmax, LogSoftmax: logSoftmax };
