import { inputOf } from '../../onnx/attributes.ts';
import type { Value } from '../../onnx/graph.ts';
import { sumToShape } from '../broadcast.ts';
import type { GradientContext, GradientRule } from '../rule.ts';

/** d(a + b) = da + db. */
const add: GradientRule = (context) => binary(context, (g) => [() => g, () => g]);

/** d(a − b) = da − db. */
const subtract: GradientRule = (context) => binary(context, (g) => [() => g, () => context.graph.op('Neg', [g])]);

/** d(a · b) = b · da + a · db. */
const multiply: GradientRule = (context) =>
  binary(context, (g, a, b) => [() => context.graph.op('Mul', [g, b]), () => context.graph.op('Mul', [g, a])]);

/** d(a / b) = da / b − (a / b) · db / b. */
const divide: GradientRule = (context) =>
  binary(context, (g, _a, b) => {
    const { graph, node } = context;
    const scaled = graph.op('Div', [g, b]);
    const quotient = node.outputs[0];
    return [() => scaled, () => graph.op('Neg', [graph.op('Mul', [scaled, quotient])])];
  });

/** Both gradients of a broadcasting operator, each summed back to its input's shape and built only when needed. */
function binary(
  context: GradientContext,
  build: (gradient: Value, a: Value, b: Value) => readonly [() => Value, () => Value],
): (Value | undefined)[] {
  const [gradient] = context.outputGradients;
  if (!gradient) return [];
  const inputs = [inputOf(context.node, 0), inputOf(context.node, 1)] as const;
  return build(gradient, ...inputs).map((gradientOf, index) =>
    context.needs(index) ? sumToShape(context.graph, gradientOf(), inputOf(context.node, index)) : undefined,
  );
}

export const arithmeticRules: Readonly<Record<string, GradientRule>> = {
  Add: add,
  Sub: subtract,
  Mul: multiply,
  Div: divide,
};
