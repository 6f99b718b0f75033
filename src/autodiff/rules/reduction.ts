import { inputOf, intOf, intsOf } from '../../onnx/attributes.ts';
import { dimensionsOf } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { elementCount, toNumbers } from '../../onnx/tensor.ts';
import { formula, type Formula } from '../formula.ts';
import { expand, reshape, sumOver, transpose } from '../layout.ts';
import { firstOutputGradient, outputOf, unsupported, type GradientContext, type GradientRule } from '../rule.ts';

/** What a reduction's gradient is made of; `g` and `y` have the reduced axes back, with size 1. */
interface Reduction {
  readonly formulas: Formula;
  readonly g: Value;
  readonly x: Value;
  readonly y: Value;
  /** The reduced axes, counted from the front. */
  readonly axes: readonly number[];
  /** How many elements each result is made of. */
  readonly count: number;
  readonly context: GradientContext;
}

/** Builds the gradient; what still has size 1 on the reduced axes is repeated to the input's shape. */
const reduction =
  (build: (parts: Reduction) => Value): GradientRule =>
  (context) => {
    const { graph, node } = context;
    const x = inputOf(node, 0);
    const axes = reducedAxes(context);
    const sizes = dimensionsOf(x);
    const kept = sizes.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const gradient = build({
      formulas: formula(graph),
      g: reshape(graph, firstOutputGradient(context), kept),
      x,
      y: reshape(graph, outputOf(node, 0), kept),
      axes,
      count: elementCount(axes.map((axis) => sizes[axis] ?? 1)),
      context,
    });
    return [expand(graph, gradient, sizes)];
  };

/** The axes of input 1 or of the attribute, all when there are none (unless the node then does nothing). */
function reducedAxes({ graph, node }: GradientContext): number[] {
  const rank = inputOf(node, 0).shape.length;
  const axesInput = node.inputs[1];
  const tensor = axesInput && graph.known.get(axesInput.name);
  if (axesInput && !tensor) throw unsupported(node, 'its axes are not a constant');
  const listed = tensor ? toNumbers(tensor) : (intsOf(node, 'axes') ?? []);
  if (listed.length > 0) return listed.map((axis) => (axis < 0 ? axis + rank : axis));
  return intOf(node, 'noop_with_empty_axes', 0) === 1 ? [] : Array.from({ length: rank }, (_, axis) => axis);
}

/** Equal extremes share the gradient evenly, as PyTorch and TensorFlow have it. */
const extremum = reduction(({ formulas: { mul, div, isEqual }, g, x, y, axes, context }) => {
  const mask = isEqual(x, y);
  return mul(mask, div(g, sumOver(context.graph, mask, axes, true)));
});

/** g · x / ‖x‖, and 0 where all elements are 0. */
const euclideanNorm = reduction(({ formulas: { mul, div, max }, g, x, y }) => mul(x, div(g, max(y, smallestNormal))));
const smallestNormal = 2 ** -126;

/**
 * g times the product of the other elements. Dividing the product by the element would fail at 0, so every element gets
 * its own copy of the elements, with a 1 in its own place.
 */
const product = reduction(({ formulas: { mul }, g, x, axes, count, context: { graph } }) => {
  const sizes = dimensionsOf(x);
  const outer = sizes.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const order = [...outer, ...axes];
  const outerSizes = outer.map((axis) => sizes[axis] ?? 1);
  const lines = reshape(graph, transpose(graph, x, order), [...outerSizes, 1, count]);
  const diagonal = graph.constant({
    type: 'bool',
    shape: [count, count],
    data: Uint8Array.from({ length: count * count }, (_, position) => (position % (count + 1) === 0 ? 1 : 0)),
  });
  const copies = graph.op('Where', [diagonal, graph.scalar(1, x), lines]);
  const others = graph.op('ReduceProd', [copies, graph.integers([outerSizes.length + 1])]);
  const moved = reshape(
    graph,
    others,
    order.map((axis) => sizes[axis] ?? 1),
  );
  const back = order.map((_, axis) => order.indexOf(axis));
  return mul(g, transpose(graph, moved, back));
});

export const reductionRules: Readonly<Record<string, GradientRule>> = {
  ReduceSum: reduction(({ g }) => g),
  ReduceMean: reduction(({ formulas: { mul }, g, count }) => mul(g, 1 / count)),
  ReduceMax: extremum,
  ReduceMin: extremum,
  ReduceProd: product,
  ReduceSumSquare: reduction(({ formulas: { mul }, g, x }) => mul(x, mul(g, 2))),
  ReduceL1: reduction(({ formulas: { mul, sub, isGreater, isLess }, g, x }) =>
    mul(g, sub(isGreater(x, 0), isLess(x, 0))),
  ),
  ReduceL2: euclideanNorm,
  ReduceLogSum: reduction(({ formulas: { div, exp }, g, y }) => div(g, exp(y))),
  // ONNX Runtime's WebGPU provider overflows in the forward operator above 88; LogSoftmax does not.
  ReduceLogSumExp: reduction(({ formulas: { mul, sub, exp }, g, x, y }) => mul(g, exp(sub(x, y)))),
};
