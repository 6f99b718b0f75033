import { formula } from '../autodiff/formula.ts';
import { sumOver } from '../autodiff/layout.ts';
import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';

/** Added to the sum of squares, so that a vector of zeros stays one, with finite gradients. */
const floor = 1e-12;

/** Vectors along `axis` divided by their Euclidean norm. */
export function normalizeAlong(graph: Graph, value: Value, axis: number): Value {
  const { add, div, sqrt, square } = formula(graph);
  return div(value, sqrt(add(sumOver(graph, square(value), [axis], true), floor)));
}
