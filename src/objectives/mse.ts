import { formula } from '../autodiff/formula.ts';
import { int, type Graph, type Value } from '../onnx/graph.ts';

/**
 * Mean squared error: the mean over all elements of (y − ŷ)², for regression against the true values. Usual weight 1.
 *
 * @param student outputs [B, …]
 * @param targets of the same shape
 * @returns a scalar
 */
export function buildMse(graph: Graph, student: Value, targets: Value): Value {
  const { sub, square } = formula(graph);
  return graph.op('ReduceMean', [square(sub(student, targets))], { keepdims: int(0) });
}
