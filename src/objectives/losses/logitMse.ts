import { formula } from '../../autodiff/formula.ts';
import { meanOver } from '../../autodiff/layout.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { meanOverRows } from '../meanOverRows.ts';

/**
 * Mean over rows and classes of (z_t − z_s)² (Ba & Caruana, arXiv 1312.6184): what `kd` tends to for large
 * temperatures, up to a factor and each row's mean. Of several teachers the *logits* are averaged here, not the
 * probabilities.
 *
 * @param student logits [N, C]
 * @param teacher logits [N, C]; no gradient flows into them
 * @returns a scalar
 */
export function buildLogitMse(graph: Graph, student: Value, teacher: Value, rowWeights?: Value): Value {
  const { sub, square } = formula(graph);
  return meanOverRows(graph, meanOver(graph, square(sub(student, teacher)), [1]), rowWeights);
}
