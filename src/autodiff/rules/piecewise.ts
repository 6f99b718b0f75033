import { floatOf, inputOf } from '../../onnx/attributes.ts';
import type { Value } from '../../onnx/node.ts';
import { sumToShape } from '../broadcast.ts';
import { formula, type Formula } from '../formula.ts';
import { firstOutputGradient, type GradientRule } from '../rule.ts';
import { unary } from './unary.ts';

/** g where x > 0. The subgradient at 0 is 0, as PyTorch and TensorFlow have it. */
const relu = unary(({ mul, isGreater }, g, _x, y) => mul(g, isGreater(y, 0)));

/** g where x > 0 and α · g elsewhere. */
const leakyRelu = unary(({ mul, isGreater, add }, g, x, _y, node) => {
  const alpha = floatOf(node, 'alpha', 0.01);
  return mul(g, add(mul(isGreater(x, 0), 1 - alpha), alpha));
});

/** g where x > α. */
const thresholdedRelu = unary(({ mul, isGreater }, g, x, _y, node) => mul(g, isGreater(x, floatOf(node, 'alpha', 1))));

/** LeakyRelu with a learned slope, which gets Σ g · x over the negative x. */
const parametricRelu: GradientRule = (context) => {
  const { graph, node, needs } = context;
  const { mul, add, sub, min, isGreater } = formula(graph);
  const g = firstOutputGradient(context);
  const x = inputOf(node, 0);
  const slope = inputOf(node, 1);
  return [
    needs(0) ? mul(g, add(slope, mul(isGreater(x, 0), sub(1, slope)))) : undefined,
    needs(1) ? sumToShape(graph, mul(g, min(x, 0)), slope) : undefined,
  ];
};

/** `right` where x > 0 and `left` elsewhere. */
function slopes({ mul, add, sub, isGreater }: Formula, x: Value, left: Value, right: number): Value {
  const positive = isGreater(x, 0);
  return add(mul(positive, right), mul(sub(1, positive), left));
}

/** α (eˣ − 1) on the left: slope αeˣ = y + α there, 1 on the right. */
const elu = unary((f, g, x, y, node) => f.mul(g, slopes(f, x, f.add(y, floatOf(node, 'alpha', 1)), 1)));

/** γα (eˣ − 1) on the left: slope y + γα there, γ on the right. */
const selu = unary((f, g, x, y, node) => {
  const alpha = floatOf(node, 'alpha', 1.67326319217681884765625);
  const gamma = floatOf(node, 'gamma', 1.05070102214813232421875);
  return f.mul(g, slopes(f, x, f.add(y, gamma * alpha), gamma));
});

/** α (eˣᐟᵅ − 1) on the left: slope y / α + 1 there, 1 on the right. */
const celu = unary((f, g, x, y, node) => {
  const alpha = floatOf(node, 'alpha', 1);
  return f.mul(g, slopes(f, x, f.add(f.div(y, alpha), 1), 1));
});

/** α · g between the two plateaus. */
const hardSigmoid = unary(({ mul, isGreater, isLess }, g, _x, y, node) =>
  mul(mul(g, floatOf(node, 'alpha', 0.2)), mul(isGreater(y, 0), isLess(y, 1))),
);

/** x · h(x), h(x) = clamp(x / 6 + ½, 0, 1): h(x) + x · h′(x). */
const hardSwish = unary(({ mul, add, min, max, isGreater, isLess }, g, x) => {
  const h = min(max(add(mul(x, 1 / 6), 0.5), 0), 1);
  return mul(g, add(h, mul(mul(x, 1 / 6), mul(isGreater(h, 0), isLess(h, 1)))));
});

export const piecewiseRules: Readonly<Record<string, GradientRule>> = {
  Relu: relu,
  LeakyRelu: leakyRelu,
  ThresholdedRelu: thresholdedRelu,
  PRelu: parametricRelu,
  Elu: elu,
  Selu: selu,
  Celu: celu,
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
};
