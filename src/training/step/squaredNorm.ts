import { dimensionsOf, int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';

/**
 * Adds nodes that sum the squares of a value's elements: a scalar. Rows are summed first, which a device can do in
 * parallel and which rounds less than one long sum.
 */
export function buildSquaredNorm(graph: Graph, value: Value): Value {
  const [rows = 1, ...rest] = dimensionsOf(value);
  const sum = (terms: Value, axis?: number): Value =>
    graph.op('ReduceSum', [terms, ...(axis === undefined ? [] : [graph.integers([axis])])], { keepdims: int(0) });
  if (rest.length === 0) return sum(graph.op('Mul', [value, value]));
  const matrix = rest.length === 1 ? value : graph.op('Reshape', [value, graph.integers([rows, -1])]);
  return sum(sum(graph.op('Mul', [matrix, matrix]), 1));
}

/** Adds nodes for the norm, a scalar, of values of any shapes taken together. */
export function buildJointNorm(graph: Graph, values: readonly Value[]): Value {
  const squares = values.map((value) => buildSquaredNorm(graph, value));
  return graph.op('Sqrt', [graph.op('Sum', squares)]);
}
