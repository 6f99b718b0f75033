import { inputOf } from '../../onnx/attributes.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { toNumbers } from '../../onnx/tensor.ts';
import { dataTypeCode } from '../../onnx/tensorProto.ts';
import { sumToShape } from '../broadcast.ts';
import { formula } from '../formula.ts';
import { firstOutputGradient, outputOf, type GradientRule } from '../rule.ts';

/** Max and Min: the first of the inputs that equals the result gets the gradient, as TensorFlow has it. */
const extremum: GradientRule = (context) => {
  const { graph, node, needs } = context;
  const { mul, sub, isEqual } = formula(graph);
  const y = outputOf(node, 0);
  const last = node.inputs.length - 1;
  let left = firstOutputGradient(context);
  return node.inputs.map((_, index) => {
    const input = inputOf(node, index);
    const mine = index === last ? left : mul(left, isEqual(input, y));
    if (index < last) left = sub(left, mine);
    return needs(index) ? sumToShape(graph, mine, input) : undefined;
  });
};

/**
 * The gradient passes where x was within its bounds, bounds included; a bound gets it where x was beyond. Where the lower bound is
 * above the upper one, everything is the upper one, as ONNX has it, which gets all of the gradient.
 */
const clip: GradientRule = (context) => {
  const { graph, node, needs } = context;
  const { mul, sub, max, isEqual, isLess, isGreater } = formula(graph);
  const g = firstOutputGradient(context);
  const x = inputOf(node, 0);
  const [, lower, upper] = node.inputs;
  const isCrossed = lower && upper && areCrossed(graph, lower, upper) ? isGreater(lower, upper) : undefined;
  const unlessCrossed = (mask: Value): Value => (isCrossed ? mul(mask, sub(1, isCrossed)) : mask);
  const passed = (bound: Value, mask: Value): Value => sumToShape(graph, mul(g, mask), bound);
  return [
    needs(0) ? mul(g, unlessCrossed(isEqual(x, outputOf(node, 0)))) : undefined,
    needs(1) && lower ? passed(lower, unlessCrossed(isLess(x, lower))) : undefined,
    needs(2) && upper
      ? passed(upper, isCrossed ? max(isGreater(x, upper), isCrossed) : isGreater(x, upper))
      : undefined,
  ];
};

/** Whether the lower bound of a Clip is above the upper one, or may be. */
function areCrossed({ initializers, known }: Graph, lower: Value, upper: Value): boolean {
  const [low, high] = [lower, upper].map(({ name }) => initializers.get(name) ?? known.get(name));
  return !low || !high || (toNumbers(low)[0] ?? 0) > (toNumbers(high)[0] ?? 0);
}

/** Each branch gets the gradient where it was chosen. */
const where: GradientRule = (context) => {
  const { graph, node, needs } = context;
  const { mul, sub } = formula(graph);
  const g = firstOutputGradient(context);
  const mask = graph.op('Cast', [inputOf(node, 0)], { to: int(dataTypeCode(g.type)) });
  const chosen = mul(g, mask);
  return [
    undefined,
    needs(1) ? sumToShape(graph, chosen, inputOf(node, 1)) : undefined,
    needs(2) ? sumToShape(graph, sub(g, chosen), inputOf(node, 2)) : undefined,
  ];
};

export const extremumRules: Readonly<Record<string, GradientRule>> = {
  Max: extremum,
  Min: extremum,
  Clip: clip,
  Where: where,
};
