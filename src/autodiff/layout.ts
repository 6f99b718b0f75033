import { dimensionsOf, int, ints, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { elementCount } from '../onnx/tensor.ts';

/** `value` with these dimensions; itself when it has them already. */
export function reshape(graph: Graph, value: Value, shape: readonly number[]): Value {
  if (value.shape.length === shape.length && value.shape.every((size, axis) => size === shape[axis])) return value;
  return graph.op('Reshape', [value, graph.integers(shape)]);
}

/** `value` with axis `order[i]` in place i; itself when the order changes nothing. */
export function transpose(graph: Graph, value: Value, order: readonly number[]): Value {
  if (order.every((axis, position) => axis === position)) return value;
  return graph.op('Transpose', [value], { perm: ints(order) });
}

/** The transposed matrices of the last two axes. */
export function transposeMatrices(graph: Graph, value: Value): Value {
  const last = value.shape.length - 1;
  return transpose(
    graph,
    value,
    value.shape.map((_, axis) => (axis === last ? last - 1 : axis === last - 1 ? last : axis)),
  );
}

/** Sum over some axes, which stay with size 1 or go; `value` itself when there are none. */
export function sumOver(graph: Graph, value: Value, axes: readonly number[], keep: boolean): Value {
  if (axes.length === 0) return value;
  const shape = dimensionsOf(value);
  const [batch = 1, channels = 1, ...positions] = shape;
  if (positions.length > 0 && axes.length === shape.length - 1 && !axes.includes(1)) {
    // Sums of whole runs of memory first: ONNX Runtime's CPU provider takes half the time for both together.
    const runs = reshape(graph, value, [batch, channels, elementCount(positions)]);
    const perSample = graph.op('ReduceSum', [runs, graph.integers([2])], { keepdims: int(0) });
    const sums = graph.op('ReduceSum', [perSample, graph.integers([0])], { keepdims: int(0) });
    return keep ? reshape(graph, sums, [1, channels, ...positions.map(() => 1)]) : sums;
  }
  return graph.op('ReduceSum', [value, graph.integers(axes)], { keepdims: int(keep ? 1 : 0) });
}

/** Mean over some axes, which stay with size 1. */
export function meanOver(graph: Graph, value: Value, axes: readonly number[]): Value {
  return graph.op('ReduceMean', [value, graph.integers(axes)], { keepdims: int(1) });
}

/** A part of one axis: every `step`-th entry from `start` on, `end` excluded. */
export interface Part {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step?: number;
}

/** These parts of `value`; itself when they are all of it. */
export function slice(graph: Graph, value: Value, parts: readonly Part[]): Value {
  const cut = parts.filter(
    ({ axis, start, end, step }) => start !== 0 || end !== value.shape[axis] || (step ?? 1) !== 1,
  );
  if (cut.length === 0) return value;
  const list = (of: (part: Part) => number) => graph.integers(cut.map(of));
  const inputs = [value, list((part) => part.start), list((part) => part.end), list((part) => part.axis)];
  const stepped = cut.some(({ step }) => (step ?? 1) !== 1);
  return graph.op('Slice', stepped ? [...inputs, list((part) => part.step ?? 1)] : inputs);
}

/** The entries of these axes in reverse order. */
export function flip(graph: Graph, value: Value, axes: readonly number[]): Value {
  const sizes = dimensionsOf(value);
  return slice(
    graph,
    value,
    axes.flatMap((axis) => {
      const size = sizes[axis] ?? 0;
      return size > 1 ? [{ axis, start: -1, end: -size - 1, step: -1 }] : [];
    }),
  );
}

/** Entries added before and after an axis; negative numbers cut entries off. */
export interface Margin {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

/** `value` with a margin of `fill` on some axes; itself when there is none. */
export function pad(graph: Graph, value: Value, margins: readonly Margin[], fill = 0): Value {
  const cut = margins.filter(({ before, after }) => before < 0 || after < 0);
  const parts = cut.map(({ axis, before, after }) => ({
    axis,
    start: Math.max(0, -before),
    end: (dimensionsOf(value)[axis] ?? 0) - Math.max(0, -after),
  }));
  const inner = slice(graph, value, parts);
  const added = margins.filter(({ before, after }) => before > 0 || after > 0);
  if (added.length === 0) return inner;
  const amounts = inner.shape.map((_, axis) => added.find((margin) => margin.axis === axis));
  const pads = graph.integers([
    ...amounts.map((margin) => Math.max(0, margin?.before ?? 0)),
    ...amounts.map((margin) => Math.max(0, margin?.after ?? 0)),
  ]);
  return graph.op('Pad', fill === 0 ? [inner, pads] : [inner, pads, graph.scalar(fill, inner)]);
}

/** `value` with `step` − 1 zeros after each entry of `axis`. */
export function insertZeros(graph: Graph, value: Value, axis: number, step: number): Value {
  if (step === 1) return value;
  const sizes = dimensionsOf(value);
  const apart = reshape(graph, value, [...sizes.slice(0, axis + 1), 1, ...sizes.slice(axis + 1)]);
  const widened = pad(graph, apart, [{ axis: axis + 1, before: 0, after: step - 1 }]);
  return reshape(
    graph,
    widened,
    sizes.map((size, position) => (position === axis ? size * step : size)),
  );
}

/** These values one after the other along `axis`; the value itself when there is one. */
export function concat(graph: Graph, values: readonly Value[], axis: number): Value {
  const [only, ...others] = values;
  if (only && others.length === 0) return only;
  return graph.op('Concat', values, { axis: int(axis) });
}

/** `value` repeated to this shape, by the rules of broadcasting; itself when it has the shape. */
export function expand(graph: Graph, value: Value, shape: readonly number[]): Value {
  if (value.shape.length === shape.length && value.shape.every((size, axis) => size === shape[axis])) return value;
  return graph.op('Expand', [value, graph.integers(shape)]);
}

/** Zeros of this shape, in the type of `like`. */
export function zeros(graph: Graph, shape: readonly number[], like: Value): Value {
  return expand(graph, graph.scalar(0, like), shape);
}
