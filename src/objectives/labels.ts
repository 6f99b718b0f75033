import { formula } from '../autodiff/formula.ts';
import { sumOver } from '../autodiff/layout.ts';
import { int, type Graph, type Value } from '../onnx/graph.ts';
import { meanOverRows } from './meanOverRows.ts';

/**
 * Cross-entropy with the labels at temperature 1: −(1/N) Σ_n Σ_c y' log softmax(z), y' = (1 − ε) y + ε / C, where ε is
 * the label smoothing (arXiv 1512.00567; usually 0 or 0.1). Usual weight beside `kd`: 0.1 (CIFAR), 0.5 (ImageNet).
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
): Value {
  const { mul, neg } = formula(graph);
  const smoothed = smoothLabels(graph, labels, smoothing);
  const logProbabilities = graph.op('LogSoftmax', [student], { axis: int(-1) });
  return meanOverRows(graph, neg(sumOver(graph, mul(smoothed, logProbabilities), [1], false)), rowWeights);
}

/** (1 − ε) y + ε / C. @param labels [N, C] */
export function smoothLabels(graph: Graph, labels: Value, smoothing: number): Value {
  const { add, mul } = formula(graph);
  return smoothing > 0 ? add(mul(labels, 1 - smoothing), smoothing / Number(labels.shape[1])) : labels;
}
