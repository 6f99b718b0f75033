import { formula } from '../autodiff/formula.ts';
import { reshape } from '../autodiff/layout.ts';
import { dimensionsOf, int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';

/**
 * (1/N) Σ over the rows, or Σ w · row / Σ w over the rows that count; 0 where none does.
 *
 * Losses sum within a row first and are averaged here: a mean over elements would make them C times too small, the most
 * common mistake in distillation code.
 *
 * @param rows one loss per row, N elements in any shape
 * @param rowWeights [N], 1 where a row counts and 0 where it does not
 * @returns a scalar
 */
export function meanOverRows(graph: Graph, rows: Value, rowWeights?: Value): Value {
  if (!rowWeights) return graph.op('ReduceMean', [rows], { keepdims: int(0) });
  const { mul, div, max } = formula(graph);
  const total = (value: Value): Value => graph.op('ReduceSum', [value], { keepdims: int(0) });
  const counted = mul(reshape(graph, rows, dimensionsOf(rowWeights)), rowWeights);
  return div(total(counted), max(total(rowWeights), 1));
}
