import type { Node, Value } from '../../onnx/node.ts';
import { inputOf } from '../../onnx/attributes.ts';
import { formula, type Formula } from '../formula.ts';
import { firstOutputGradient, outputOf, type GradientRule } from '../rule.ts';

/** Builds g · f′(x) from the gradient, the input and the output. */
export type UnaryGradient = (formulas: Formula, gradient: Value, x: Value, y: Value, node: Node) => Value;

/** The rule of a function of one value, applied to every element. */
export const unary =
  (build: UnaryGradient): GradientRule =>
  (context) => {
    const { graph, node } = context;
    return [build(formula(graph), firstOutputGradient(context), inputOf(node, 0), outputOf(node, 0), node)];
  };

/** A step function: its gradient is 0 wherever it has one. */
const step: GradientRule = () => [];

export const unaryRules: Readonly<Record<string, GradientRule>> = {
  Neg: unary(({ neg }, g) => neg(g)),
  Exp: unary(({ mul }, g, _x, y) => mul(g, y)),
  Log: unary(({ div }, g, x) => div(g, x)),
  Sqrt: unary(({ div, mul }, g, _x, y) => div(mul(g, 0.5), y)),
  Reciprocal: unary(({ neg, mul, square }, g, _x, y) => neg(mul(g, square(y)))),
  /** 0 at 0, between the slopes of both sides. */
  Abs: unary(({ mul, sub, isGreater, isLess }, g, x) => mul(g, sub(isGreater(x, 0), isLess(x, 0)))),
  Sin: unary(({ mul, cos }, g, x) => mul(g, cos(x))),
  Cos: unary(({ mul, neg, sin }, g, x) => neg(mul(g, sin(x)))),
  Tan: unary(({ mul, add, square }, g, _x, y) => mul(g, add(square(y), 1))),
  Atan: unary(({ div, add, square }, g, x) => div(g, add(square(x), 1))),
  Asin: unary(({ div, sqrt, sub, square }, g, x) => div(g, sqrt(sub(1, square(x))))),
  Acos: unary(({ div, neg, sqrt, sub, square }, g, x) => neg(div(g, sqrt(sub(1, square(x)))))),
  Sinh: unary(({ mul, add, exp, neg }, g, x) => mul(g, mul(add(exp(x), exp(neg(x))), 0.5))),
  Cosh: unary(({ mul, sub, exp, neg }, g, x) => mul(g, mul(sub(exp(x), exp(neg(x))), 0.5))),
  Asinh: unary(({ div, sqrt, add, square }, g, x) => div(g, sqrt(add(square(x), 1)))),
  Acosh: unary(({ div, sqrt, sub, square }, g, x) => div(g, sqrt(sub(square(x), 1)))),
  Atanh: unary(({ div, sub, square }, g, x) => div(g, sub(1, square(x)))),
  Erf: unary(({ mul, exp, neg, square }, g, x) => mul(g, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))),
  Sign: step,
  Floor: step,
  Ceil: step,
  Round: step,
};
