import { formula } from '../../autodiff/formula.ts';
import { sumOver } from '../../autodiff/layout.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { focalFactor, NO_EMPHASIS, weightsOfClasses, type Emphasis } from '../emphasis.ts';
import { meanOverRows } from '../meanOverRows.ts';

/**
 * Cross-entropy of independent yes/no classes: −(1/B) Σ_b Σ_c [y log σ(z) + (1 − y) log(1 − σ(z))], written as
 * softplus(z) − y z, which does not overflow. Summed over the classes, as all classification losses are.
 *
 * With a focal γ the two parts are multiplied by (1 − σ(z))^γ and σ(z)^γ (Lin et al., arXiv 1708.02002, without its α); with weights of
 * classes the first part of each by its weight, as PyTorch's `pos_weight` does.
 *
 * @param student logits [B, C]
 * @param labels 0 or 1 per class [B, C]
 * @param rowWeights [B], 1 where a sample has labels; all have by default
 * @returns a scalar
 */
export function buildBinaryLabelsLoss(
  graph: Graph,
  student: Value,
  labels: Value,
  rowWeights?: Value,
  { focal, classWeights }: Emphasis = NO_EMPHASIS,
): Value {
  const { sub, mul, add, neg, softplus } = formula(graph);
  if (focal === 0 && !classWeights) {
    return meanOverRows(graph, sumOver(graph, sub(softplus(student), mul(labels, student)), [1], false), rowWeights);
  }
  /** −log p times what is missing from p, where p is the probability of what is wanted. */
  const missed = (logProbability: Value): Value =>
    neg(focal > 0 ? mul(logProbability, focalFactor(graph, logProbability, focal)) : logProbability);
  const present = mul(labels, missed(neg(softplus(neg(student)))));
  const absent = mul(sub(1, labels), missed(neg(softplus(student))));
  const weighted = classWeights ? mul(present, weightsOfClasses(graph, classWeights)) : present;
  return meanOverRows(graph, sumOver(graph, add(weighted, absent), [1], false), rowWeights);
}
