import { int } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { inputOf } from '../../onnx/attributes.ts';
import { toNumbers } from '../../onnx/tensor.ts';
import { dataTypeCode } from '../../onnx/tensorProto.ts';
import { sumToShape } from '../broadcast.ts';
import { formula, type Formula } from '../formula.ts';
import { firstOutputGradient, outputOf, type GradientContext, type GradientRule } from '../rule.ts';

/** Builds the gradient with respect to one input, still of the output's shape. */
type Term = (formulas: Formula, gradient: Value, a: Value, b: Value, y: Value) => Value;

/** Both gradients of a broadcasting operator, each summed back to its input's shape and built only when needed. */
const binary =
  (...terms: readonly [Term, Term]): GradientRule =>
  (context) => {
    const { graph, node, needs } = context;
    const gradient = firstOutputGradient(context);
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    return terms.map((term, index) =>
      needs(index)
        ? sumToShape(graph, term(formula(graph), gradient, a, b, outputOf(node, 0)), inputOf(node, index))
        : undefined,
    );
  };

/** d(a + b) = da + db. */
const add = binary(
  (_f, g) => g,
  (_f, g) => g,
);

/** d(a − b) = da − db. */
const subtract = binary(
  (_f, g) => g,
  ({ neg }, g) => neg(g),
);

/** d(a · b) = b · da + a · db. */
const multiply = binary(
  ({ mul }, g, _a, b) => mul(g, b),
  ({ mul }, g, a) => mul(g, a),
);

/** d(a / b) = da / b − (a / b) · db / b. */
const divide = binary(
  ({ div }, g, _a, b) => div(g, b),
  ({ div, mul, neg }, g, _a, b, y) => neg(mul(div(g, b), y)),
);

/**
 * d(aᵇ) = b · aᵇ⁻¹ · da + aᵇ · ln a · db. With respect to the exponent the gradient is 0 where the base is not positive:
 * there the power is no differentiable function of it.
 */
const power: GradientRule = (context) => {
  const { graph, node, needs } = context;
  const { mul, sub, log, isGreater } = formula(graph);
  const g = firstOutputGradient(context);
  const a = inputOf(node, 0);
  const exponent = inputOf(node, 1);
  const b = exponent.type === a.type ? exponent : graph.op('Cast', [exponent], { to: int(dataTypeCode(a.type)) });
  const byBase = () => {
    const fixed = fixedExponent(context);
    if (fixed === undefined) return mul(g, mul(b, graph.op('Pow', [a, sub(b, 1)])));
    const lower = fixed === 2 ? a : graph.op('Pow', [a, graph.scalar(fixed === 0 ? 0 : fixed - 1, a)]);
    return mul(g, mul(lower, fixed));
  };
  const byExponent = () => {
    const positive = graph.op('Where', [graph.op('Greater', [a, graph.scalar(0, a)]), a, graph.scalar(1, a)]);
    return mul(g, mul(isGreater(a, 0), mul(outputOf(node, 0), log(positive))));
  };
  return [
    needs(0) ? sumToShape(graph, byBase(), a) : undefined,
    needs(1) ? sumToShape(graph, byExponent(), exponent) : undefined,
  ];
};

/** The exponent when it is one number that nobody trains. */
function fixedExponent({ graph, node, needs }: GradientContext): number | undefined {
  const tensor = graph.initializers.get(inputOf(node, 1).name);
  if (!tensor || needs(1)) return undefined;
  const [value, ...others] = toNumbers(tensor);
  return others.length === 0 ? value : undefined;
}

/** Every term gets the gradient, divided by the number of terms for a mean. */
const variadic =
  (share: (count: number) => number): GradientRule =>
  (context) => {
    const { graph, node, needs } = context;
    const gradient = firstOutputGradient(context);
    const factor = share(node.inputs.length);
    const scaled = factor === 1 ? gradient : formula(graph).mul(gradient, factor);
    return node.inputs.map((input, index) => (input && needs(index) ? sumToShape(graph, scaled, input) : undefined));
  };

export const arithmeticRules: Readonly<Record<string, GradientRule>> = {
  Add: add,
  Sub: subtract,
  Mul: multiply,
  Div: divide,
  Pow: power,
  Sum: variadic(() => 1),
  Mean: variadic((count) => 1 / count),
};
