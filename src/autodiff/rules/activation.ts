import { floatOf, textOf } from '../../onnx/attributes.ts';
import type { GradientRule } from '../rule.ts';
import { unary, type UnaryGradient } from './unary.ts';

/** y · (1 − y) · g. */
const sigmoid = unary(({ mul, sub }, g, _x, y) => mul(g, mul(y, sub(1, y))));

/** (1 − y²) · g. */
const tanh = unary(({ mul, sub, square }, g, _x, y) => mul(g, sub(1, square(y))));

/** σ(x) · g: the derivative of ln(1 + eˣ). */
const softplus = unary(({ mul, sigmoid: logistic }, g, x) => mul(g, logistic(x)));

/** g / (1 + |x|)². */
const softsign = unary(({ div, add, abs, square }, g, x) => div(g, square(add(abs(x), 1))));

/** x · tanh(softplus(x)). With t = tanh(softplus(x)): t + x · σ(x) · (1 − t²). */
const mish = unary(({ mul, add, sub, square, tanh: hyperbolic, sigmoid: logistic, softplus: smooth }, g, x) => {
  const t = hyperbolic(smooth(x));
  return mul(g, add(t, mul(mul(x, logistic(x)), sub(1, square(t)))));
});

/** x · Φ(x), Φ the normal distribution: Φ(x) + x · φ(x). */
const exactGelu: UnaryGradient = ({ mul, add, exp, square, erf }, g, x) => {
  const cumulative = add(mul(erf(mul(x, Math.SQRT1_2)), 0.5), 0.5);
  const density = mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return mul(g, add(cumulative, mul(x, density)));
};

/** ½ x (1 + tanh u), u = √(2/π) (x + 0.044715 x³): ½ (1 + t) + ½ x (1 − t²) u′. */
const tanhGelu: UnaryGradient = ({ mul, add, sub, square, tanh: hyperbolic }, g, x) => {
  const slope = Math.sqrt(2 / Math.PI);
  const squared = square(x);
  const t = hyperbolic(mul(x, add(mul(squared, slope * 0.044715), slope)));
  const inner = add(mul(squared, 3 * slope * 0.044715), slope);
  const bend = mul(mul(x, sub(1, square(t))), inner);
  return mul(g, mul(add(add(t, 1), bend), 0.5));
};

/** Gelu, exact or approximated by tanh (Hendrycks & Gimpel, arXiv 1606.08415). */
const gelu = unary((formulas, g, x, y, node) =>
  (textOf(node, 'approximate', 'none') === 'tanh' ? tanhGelu : exactGelu)(formulas, g, x, y, node),
);

/** x · σ(αx). With s = σ(αx): s + αx · s · (1 − s). */
const swish = (usualAlpha: number) =>
  unary(({ mul, add, sub, sigmoid: logistic }, g, x, _y, node) => {
    const scaled = mul(x, floatOf(node, 'alpha', usualAlpha));
    const s = logistic(scaled);
    return mul(g, add(s, mul(scaled, mul(s, sub(1, s)))));
  });

export const activationRules: Readonly<Record<string, GradientRule>> = {
  Sigmoid: sigmoid,
  Tanh: tanh,
  Softplus: softplus,
  Softsign: softsign,
  Mish: mish,
  Gelu: gelu,
  'com.microsoft.Gelu': gelu,
  Swish: swish(1),
  'com.microsoft.QuickGelu': swish(1.702),
};
