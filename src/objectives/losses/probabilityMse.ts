import { formula } from '../../autodiff/formula.ts';
import { sumOver } from '../../autodiff/layout.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { meanOverRows } from '../meanOverRows.ts';
import type { TargetDistribution } from '../teacherDistribution.ts';

/**
 * (1/N) Σ_n ½ Σ_c (p_t − p_s)² with p = softmax(z). Usual: weight 0.5 beside labels at 1.
 *
 * @param student logits [N, C]
 * @param target [N, C]; no gradient flows into it
 * @returns a scalar
 */
export function buildProbabilityMse(
  graph: Graph,
  student: Value,
  { probabilities }: TargetDistribution,
  rowWeights?: Value,
): Value {
  const { mul, sub, square } = formula(graph);
  const studentProbabilities = graph.op('Softmax', [student], { axis: int(-1) });
  const distance = sumOver(graph, square(sub(studentProbabilities, probabilities)), [1], false);
  return mul(meanOverRows(graph, distance, rowWeights), 0.5);
}
