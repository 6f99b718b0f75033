import { formula } from '../../autodiff/formula.ts';
import { sumOver } from '../../autodiff/layout.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { meanOverRows } from '../meanOverRows.ts';
import { softenedLogProbabilities, squaredTemperature, type Softening } from '../softening.ts';
import type { TargetDistribution } from '../teacherDistribution.ts';

/**
 * Cross-entropy with the teacher's distribution (Hinton et al., arXiv 1503.02531): T² · −(1/N) Σ_n Σ_c p_t log p_s with
 * p_s = softmax(z_s / T). It is `kd` plus T² times the teacher's entropy, a constant: the same gradient. Usual weights:
 * those of `kd`.
 *
 * @param student logits [N, C]
 * @param target [N, C]; no gradient flows into it
 * @returns a scalar
 */
export function buildSoftCrossEntropy(
  graph: Graph,
  student: Value,
  { probabilities }: TargetDistribution,
  softening: Softening,
  rowWeights?: Value,
): Value {
  const { mul, neg } = formula(graph);
  const studentLog = softenedLogProbabilities(graph, student, softening);
  const crossEntropy = neg(sumOver(graph, mul(probabilities, studentLog), [1], false));
  return mul(meanOverRows(graph, crossEntropy, rowWeights), squaredTemperature(graph, softening.temperature));
}
