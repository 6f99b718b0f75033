import { inputOf, intOf, intsOf, misfit } from '../../onnx/attributes.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { windowOf, type Window } from '../../onnx/window.ts';
import { formula } from '../formula.ts';
import { expand, pad } from '../layout.ts';
import { alongAxis, overlay } from '../overlay.ts';
import { firstOutputGradient, outputOf, type GradientRule } from '../rule.ts';

/** Every element of a window gets the gradient, divided by what the mean was divided by. */
const averagePool: GradientRule = (context) => {
  const { graph, node } = context;
  const g = firstOutputGradient(context);
  const window = poolWindow(node);
  return [spread(graph, formula(graph).mul(g, reciprocalCounts(graph, node, window)), window, inputOf(node, 0))];
};

/** (Σ |x|ᵖ)^(1/p): x |x|ᵖ⁻² times g · y¹⁻ᵖ of every window that x is in; 0 where a window holds only zeros. */
const lpPool: GradientRule = (context) => {
  const { graph, node } = context;
  const { mul, div, max, abs } = formula(graph);
  const g = firstOutputGradient(context);
  const x = inputOf(node, 0);
  const p = intOf(node, 'p', 2);
  const power = (value: Value, exponent: number) =>
    exponent === 1 ? value : graph.op('Pow', [value, graph.scalar(exponent, value)]);
  if (p === 1) {
    const { sub, isGreater, isLess } = formula(graph);
    return [mul(spread(graph, g, poolWindow(node), x), sub(isGreater(x, 0), isLess(x, 0)))];
  }
  const norm = power(max(outputOf(node, 0), smallestNorm), p - 1);
  const numerator = p === 2 ? x : mul(x, power(abs(x), p - 2));
  return [mul(numerator, spread(graph, div(g, norm), poolWindow(node), x))];
};
const smallestNorm = 2 ** -30;

/** The gradient divided by the number of elements, everywhere. */
const globalAveragePool: GradientRule = (context) => {
  const { graph, node } = context;
  const sizes = dimensionsOf(inputOf(node, 0));
  const share = formula(graph).mul(firstOutputGradient(context), 1 / elementCount(sizes.slice(2)));
  return [expand(graph, share, sizes)];
};

function poolWindow(node: Node): Window {
  const kernel = intsOf(node, 'kernel_shape');
  if (!kernel) throw misfit(node, 'attribute kernel_shape is missing');
  return windowOf(node, dimensionsOf(inputOf(node, 0)).slice(2), kernel);
}

/** Sums over all windows that an element is in, in the shape of `input`: one axis after the other. */
function spread(graph: Graph, perWindow: Value, window: Window, input: Value): Value {
  const sizes = dimensionsOf(input);
  return window.kernel.reduce((value, kernel, index) => {
    const part = alongAxis(window, index);
    const { axis, before } = part;
    const size = sizes[axis] ?? 1;
    if (dimensionsOf(value)[axis] !== 1 || part.dilation !== 1) {
      const shares = Array.from({ length: kernel }, () => value);
      return overlay(graph, shares, size, part);
    }
    const single = expand(
      graph,
      value,
      dimensionsOf(value).map((own, position) => (position === axis ? kernel : own)),
    );
    return pad(graph, single, [{ axis, before: -before, after: size + before - kernel }]);
  }, perWindow);
}

/** 1 / (number of elements that count) of every window: a scalar where all are equal. */
function reciprocalCounts(graph: Graph, node: Node, window: Window): Value | number {
  const sizes = dimensionsOf(inputOf(node, 0)).slice(2);
  const positions = dimensionsOf(outputOf(node, 0)).slice(2);
  const includePadding = intOf(node, 'count_include_pad', 0) === 1;
  const perAxis = positions.map((count, axis) => {
    const { kernel, stride, dilation, before } = alongAxis(window, axis);
    const [low, high] = includePadding
      ? [-before, (sizes[axis] ?? 1) + (window.padsEnd[axis] ?? 0)]
      : [0, sizes[axis] ?? 1];
    return Array.from({ length: count }, (_, position) => {
      const places = Array.from({ length: kernel }, (_entry, entry) => position * stride + entry * dilation - before);
      return places.filter((place) => place >= low && place < high).length;
    });
  });
  const counts = perAxis.reduce<readonly number[]>(
    (products, axis) => products.flatMap((product) => axis.map((count) => product * count)),
    [1],
  );
  const [first = 1] = counts;
  if (counts.every((count) => count === first)) return 1 / first;
  return graph.floats(
    counts.map((count) => 1 / count),
    positions,
    inputOf(node, 0),
  );
}

export const averagePoolRules: Readonly<Record<string, GradientRule>> = {
  AveragePool: averagePool,
  LpPool: lpPool,
  GlobalAveragePool: globalAveragePool,
};
