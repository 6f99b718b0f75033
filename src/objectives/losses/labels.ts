import { formula } from '../../autodiff/formula.ts';
import { sumOver } from '../../autodiff/layout.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { focalFactor, NO_EMPHASIS, weightsOfClasses, type Emphasis } from '../emphasis.ts';
import { meanOverRows } from '../meanOverRows.ts';

/** Below any sum of weights that samples have. */
const LEAST_WEIGHT = 1e-12;

/**
 * Cross-entropy with the labels at temperature 1: −(1/N) Σ_n Σ_c y' log softmax(z), y' = (1 − ε) y + ε / C, where ε is
 * the label smoothing (arXiv 1512.00567; usually 0 or 0.1). Usual weight beside `kd`: 0.1 (CIFAR), 0.5 (ImageNet).
 *
 * With a focal γ every class's part is multiplied by (1 − p_c)^γ (Lin et al., arXiv 1708.02002). With weights w of classes it is
 * Σ_n Σ_c w_c y' (−log p_c) / Σ_n Σ_c w_c y_c, the weighted mean that PyTorch's cross_entropy has.
 *
 * @param student logits [N, C]
 * @param labels one distribution over the classes per row [N, C]; one-hot for hard labels
 * @returns a scalar
 */
export function buildLabelsLoss(
  graph: Graph,
  student: Value,
  labels: Value,
  smoothing: number,
  rowWeights?: Value,
  { focal, classWeights }: Emphasis = NO_EMPHASIS,
): Value {
  const { mul, neg, div, max } = formula(graph);
  const smoothed = smoothLabels(graph, labels, smoothing);
  const logProbabilities = graph.op('LogSoftmax', [student], { axis: int(-1) });
  const parts = mul(smoothed, logProbabilities);
  const focused = focal > 0 ? mul(parts, focalFactor(graph, logProbabilities, focal)) : parts;
  if (!classWeights) return meanOverRows(graph, neg(sumOver(graph, focused, [1], false)), rowWeights);
  const weights = weightsOfClasses(graph, classWeights);
  const counted = (rows: Value): Value => {
    const sums = sumOver(graph, mul(rows, weights), [1], false);
    return graph.op('ReduceSum', [rowWeights ? mul(sums, rowWeights) : sums], { keepdims: int(0) });
  };
  return div(neg(counted(focused)), max(counted(labels), LEAST_WEIGHT));
}

/** (1 − ε) y + ε / C. @param labels [N, C] */
export function smoothLabels(graph: Graph, labels: Value, smoothing: number): Value {
  const { add, mul } = formula(graph);
  return smoothing > 0 ? add(mul(labels, 1 - smoothing), smoothing / Number(labels.shape[1])) : labels;
}
