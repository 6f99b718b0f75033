import { int, type Graph, type Value } from '../onnx/graph.ts';
import { batchMean } from './batchMean.ts';

/**
 * Cross-entropy with the labels: −(1/B) Σ_b Σ_c y log softmax(logits).
 *
 * @param student logits [B, C]
 * @param labels one distribution over the classes per sample [B, C]; one-hot for hard labels
 * @returns a scalar
 */
export function buildLabelsLoss(graph: Graph, student: Value, labels: Value): Value {
  const logProbabilities = graph.op('LogSoftmax', [student], { axis: int(-1) });
  return batchMean(graph, graph.op('Mul', [labels, logProbabilities]), -1);
}
