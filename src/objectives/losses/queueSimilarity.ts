import { formula, type Operand } from '../../autodiff/formula.ts';
import { sumOver } from '../../autodiff/layout.ts';
import { dimensionsOf, int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import type { FeatureQueue } from '../features/featureQueue.ts';
import { normalizeAlong } from '../normalizeAlong.ts';

export interface QueueSimilarityOptions {
  /** The student's feature after a learned linear map (features/appendRegressor.ts) [B, D]. */
  readonly projected: Value;
  /** The teacher's feature, of length 1 [B, D]; no gradient flows into it. */
  readonly teacher: Value;
  /** The teacher's features of earlier batches. */
  readonly queue: FeatureQueue;
  /** Of the teacher's similarities. */
  readonly temperature: Operand;
  /** Of the student's. */
  readonly studentTemperature: Operand;
}

/**
 * SEED (arXiv 2101.04731): the student shall be as similar to earlier samples as the teacher is. With d_0 the teacher's feature of the sample
 * itself, and d_1 … d_K those in the queue, it is −(1/B) Σ_i Σ_j p_ij log q_ij, where p_i = softmax_j(t_i · d_j / τ_t) and
 * q_i = softmax_j(s_i · d_j / τ_s), all features of length 1. Usual: τ_t 0.01 … 0.07, τ_s 0.2.
 *
 * The authors begin with a queue of random features; here entries that are not filled yet do not count. In the first step there is nothing
 * but the sample itself, and so nothing to learn.
 *
 * @returns a scalar
 */
export function buildQueueSimilarityLoss(graph: Graph, options: QueueSimilarityOptions): Value {
  const { projected, teacher, queue, temperature, studentTemperature } = options;
  const { div, mul, sub } = formula(graph);
  const [batch = 1] = dimensionsOf(projected);
  const logits = (features: Value, divisor: Operand): Value => {
    const own = div(sumOver(graph, mul(features, teacher), [1], true), divisor);
    return graph.op('Concat', [own, queue.logits(features, divisor)], { axis: int(1) });
  };
  const students = normalizeAlong(graph, projected, 1);
  const target = graph.op('Softmax', [logits(teacher, temperature)], { axis: int(-1) });
  const logProbabilities = graph.op('LogSoftmax', [logits(students, studentTemperature)], { axis: int(-1) });
  const sum = graph.op('ReduceSum', [mul(target, logProbabilities)], { keepdims: int(0) });
  // Not −0 where nothing is in the queue.
  return sub(0, mul(sum, 1 / batch));
}
