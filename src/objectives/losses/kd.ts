import { formula } from '../../autodiff/formula.ts';
import { sumOver } from '../../autodiff/layout.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { meanOverRows } from '../meanOverRows.ts';
import { buildSoftCrossEntropy } from './softCrossEntropy.ts';
import { softenedLogProbabilities, squaredTemperature, type Softening } from '../softening.ts';
import type { TargetDistribution } from '../teacherDistribution.ts';

/**
 * Knowledge distillation (Hinton et al., arXiv 1503.02531): T² · (1/N) Σ_n Σ_c p_t log(p_t / p_s) with
 * p_s = softmax(z_s / T). The factor T² keeps the gradient's size independent of T. Usual: T 4 and weight 0.9 beside
 * labels at 0.1 (CIFAR); T 1 and 0.5 / 0.5 (ImageNet).
 *
 * @param student logits [N, C]
 * @param target [N, C]; no gradient flows into it
 * @returns a scalar
 */
export function buildKdLoss(
  graph: Graph,
  student: Value,
  target: TargetDistribution,
  softening: Softening,
  rowWeights?: Value,
): Value {
  const { probabilities, logProbabilities } = target;
  if (!logProbabilities) return buildSoftCrossEntropy(graph, student, target, softening, rowWeights);
  const { mul, sub } = formula(graph);
  const studentLog = softenedLogProbabilities(graph, student, softening);
  const divergence = sumOver(graph, mul(probabilities, sub(logProbabilities, studentLog)), [1], false);
  return mul(meanOverRows(graph, divergence, rowWeights), squaredTemperature(graph, softening.temperature));
}
