import { inputOf, intsOf, misfit } from '../../onnx/attributes.ts';
import { dimensionsOf, ints, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { windowOf, type Window } from '../../onnx/window.ts';
import { formula } from '../formula.ts';
import { pad, slice, sumOver } from '../layout.ts';
import { alongAxis, overlay, type AxisWindow } from '../overlay.ts';
import { firstOutputGradient, outputOf, type GradientRule } from '../rule.ts';

/**
 * The first maximum of every window gets the whole gradient, as PyTorch and TensorFlow have it. The maximum over a
 * window is a maximum along one axis after the other, and so is its gradient: the maxima along the last axes are computed
 * again, and each axis hands the gradient on to the first entry that equals the maximum. What comes first along the
 * outer axis, and within it along the inner ones, comes first in row-major order.
 *
 * The `Indices` output would serve too, but ONNX Runtime's WebGPU provider does not make it, and on its CPU provider
 * computing it costs more than these comparisons where windows do not overlap (bench/gradients/maxPool.ts).
 */
const maxPool: GradientRule = (context) => {
  const { graph, node } = context;
  const x = inputOf(node, 0);
  const kernel = intsOf(node, 'kernel_shape');
  if (!kernel) throw misfit(node, 'attribute kernel_shape is missing');
  const window = windowOf(node, dimensionsOf(x).slice(2), kernel);
  const positions = dimensionsOf(outputOf(node, 0)).slice(2);
  const moving = kernel.flatMap((_, axis) => (slides(window, positions, dimensionsOf(x), axis) ? [axis] : []));

  // Maxima over the last 0, 1, … of the moving axes; the outermost axis leads to the node's own output.
  const stages = [x];
  for (const axis of moving.slice(1).reverse()) {
    const previous = stages.at(-1) ?? x;
    stages.push(maximaAlong(graph, previous, window, axis, positions[axis] ?? 1));
  }
  let gradient = firstOutputGradient(context);
  let maxima = outputOf(node, 0);
  for (const axis of moving) {
    const entries = stages.pop() ?? x;
    gradient = toFirstMaximum(graph, entries, maxima, gradient, alongAxis(window, axis));
    maxima = entries;
  }
  return [gradient];
};

/** Whether the window does anything on an axis. */
function slides(window: Window, positions: readonly number[], sizes: readonly number[], axis: number): boolean {
  return window.kernel[axis] !== 1 || window.strides[axis] !== 1 || positions[axis] !== sizes[axis + 2];
}

/** The pool along one axis only, with `positions` results there. */
function maximaAlong(graph: Graph, value: Value, window: Window, axis: number, positions: number): Value {
  const rank = window.kernel.length;
  const only = (entry: number, neutral: number) =>
    Array.from({ length: rank }, (_, other) => (other === axis ? entry : neutral));
  const { kernel, stride, dilation, before } = alongAxis(window, axis);
  const size = dimensionsOf(value)[axis + 2] ?? 1;
  const after = (positions - 1) * stride + (kernel - 1) * dilation + 1 - size - before;
  return graph.op('MaxPool', [value], {
    kernel_shape: ints(only(kernel, 1)),
    strides: ints(only(stride, 1)),
    dilations: ints(only(dilation, 1)),
    pads: ints([...only(before, 0), ...only(Math.max(after, 0), 0)]),
  });
}

/** Hands the gradient of the maxima along one axis on to the first entry of each window that equals the maximum. */
function toFirstMaximum(graph: Graph, entries: Value, maxima: Value, gradient: Value, window: AxisWindow): Value {
  const { mul, sub, isEqual } = formula(graph);
  const { axis, kernel, stride, dilation, before } = window;
  const size = dimensionsOf(entries)[axis] ?? 1;
  const positions = dimensionsOf(maxima)[axis] ?? 1;
  const reach = (positions - 1) * stride + 1;
  const after = Math.max(0, reach + (kernel - 1) * dilation - size - before);
  const padded = pad(graph, entries, [{ axis, before, after }], lowest);
  const shares: Value[] = [];
  let left = gradient;
  for (let entry = 0; entry < kernel - 1; entry++) {
    const start = entry * dilation;
    const candidates = slice(graph, padded, [{ axis, start, end: start + reach, step: stride }]);
    const share = mul(left, isEqual(candidates, maxima));
    left = sub(left, share);
    shares.push(share);
  }
  // Exactly one entry equals the maximum first: what no other took belongs to the last.
  shares.push(left);
  return overlay(graph, shares, size, window);
}

/** No element is below the padding. */
const lowest = -(2 - 2 ** -23) * 2 ** 127;

/** Equal maxima of a whole channel share the gradient evenly. */
const globalMaxPool: GradientRule = (context) => {
  const { graph, node } = context;
  const { mul, div, isEqual } = formula(graph);
  const x = inputOf(node, 0);
  const spatial = x.shape.map((_, axis) => axis).slice(2);
  const mask = isEqual(x, outputOf(node, 0));
  return [mul(mask, div(firstOutputGradient(context), sumOver(graph, mask, spatial, true)))];
};

export const maxPoolRules: Readonly<Record<string, GradientRule>> = { MaxPool: maxPool, GlobalMaxPool: globalMaxPool };
