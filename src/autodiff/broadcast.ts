import { type Graph, int } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';

/**
 * Undoes broadcasting: sums `gradient`, which has the broadcast shape, over the axes along which `input` was repeated,
 * so that the result has the shape of `input`.
 */
export function sumToShape(graph: Graph, gradient: Value, input: Value): Value {
  const offset = gradient.shape.length - input.shape.length;
  const repeated = gradient.shape.flatMap((dimension, axis) => {
    const own = axis < offset ? undefined : input.shape[axis - offset];
    return own === dimension && axis >= offset ? [] : [axis];
  });
  if (repeated.length === 0) return gradient;
  const leading = repeated.filter((axis) => axis < offset);
  const inner = repeated.filter((axis) => axis >= offset);
  let result = gradient;
  if (inner.length > 0) result = graph.op('ReduceSum', [result, graph.integers(inner)], { keepdims: int(1) });
  if (leading.length > 0) result = graph.op('ReduceSum', [result, graph.integers(leading)], { keepdims: int(0) });
  return result;
}
