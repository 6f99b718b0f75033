import { formula } from '../../autodiff/formula.ts';
import { meanOver } from '../../autodiff/layout.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { meanOverRows } from '../meanOverRows.ts';

/**
 * Mean squared error: the mean over all elements of (y − ŷ)², for regression against the true values. Usual weight 1.
 *
 * @param student outputs [B, …]
 * @param targets of the same shape
 * @param rowWeights [B], 1 where a sample has targets; the mean is then over those that have
 * @returns a scalar
 */
export function buildMse(graph: Graph, student: Value, targets: Value, rowWeights?: Value): Value {
  const { sub, square } = formula(graph);
  if (rowWeights) return meanOverRows(graph, meanOfSample(graph, square(sub(student, targets))), rowWeights);
  return graph.op('ReduceMean', [square(sub(student, targets))], { keepdims: int(0) });
}

/** The mean over all elements of a sample: [B, …] to [B, 1, …]. */
function meanOfSample(graph: Graph, value: Value): Value {
  const axes = value.shape.flatMap((_, axis) => (axis === 0 ? [] : [axis]));
  return axes.length === 0 ? value : meanOver(graph, value, axes);
}
