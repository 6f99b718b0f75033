import { inputOf } from '../../onnx/attributes.ts';
import { int, type Value } from '../../onnx/graph.ts';
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

/** The gradient passes where x was within its bounds, bounds included; a bound gets it where x was beyond. */
const clip: GradientRule = (context) => {
  const { graph, node, needs } = context;
  const { mul, isEqual, isLess, isGreater } = formula(graph);
  const g = firstOutputGradient(context);
  const x = inputOf(node, 0);
  const bound = (index: number, isBeyond: (a: Value, b: Value) => Value) =>
    needs(index) ? sumToShape(graph, mul(g, isBeyond(x, inputOf(node, index))), inputOf(node, index)) : undefined;
  return [needs(0) ? mul(g, isEqual(x, outputOf(node, 0))) : undefined, bound(1, isLess), bound(2, isGreater)];
};

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
