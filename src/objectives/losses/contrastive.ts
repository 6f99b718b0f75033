import { formula, type Operand } from '../../autodiff/formula.ts';
import { slice, transposeMatrices } from '../../autodiff/layout.ts';
import { dimensionsOf, int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import type { FeatureQueue } from '../features/featureQueue.ts';
import { normalizeAlong } from '../normalizeAlong.ts';

/**
 * Contrastive distillation: the student's feature of a sample shall be nearer to the teacher's feature of that sample
 * than to those of the others in the batch, and the other way round. With a_ij = cos(student_i, teacher_j) / τ it is −½
 * (1/B) Σ_i [log softmax_j(a_ij) at j = i + log softmax_j(a_ji) at j = i], which is InfoNCE (arXiv 1807.03748) in both
 * directions. Usual: τ 0.1, weight 1; more negatives, that is a larger batch or a queue, help.
 *
 * With a queue of the teacher's features of earlier batches (MoCo, arXiv 1911.05722; CRD, arXiv 1910.10699, has a memory of all samples instead)
 * these stand among the j of the first direction, too. The second has those of the batch alone: what the student made of earlier
 * samples it would not make of them any more.
 *
 * @param projected the student's feature after a learned linear map (features/appendRegressor.ts) [B, D]
 * @param teacher feature of length 1 [B, D]; no gradient flows into it
 * @returns a scalar
 */
export function buildContrastiveLoss(
  graph: Graph,
  projected: Value,
  teacher: Value,
  temperature: Operand,
  queue?: FeatureQueue,
): Value {
  const { add, mul, div } = formula(graph);
  const [batch = 1] = dimensionsOf(projected);
  const students = normalizeAlong(graph, projected, 1);
  const similarities = div(graph.op('MatMul', [students, transposeMatrices(graph, teacher)]), temperature);
  const own = graph.constant(floatTensor(identity(batch), [batch, batch]));
  const logSoftmax = (rows: Value): Value => graph.op('LogSoftmax', [rows], { axis: int(-1) });
  const found = (): Value => {
    if (!queue) return logSoftmax(similarities);
    const all = graph.op('Concat', [similarities, queue.logits(students, temperature)], { axis: int(1) });
    return slice(graph, logSoftmax(all), [{ axis: 1, start: 0, end: batch }]);
  };
  const sum = [found(), logSoftmax(transposeMatrices(graph, similarities))]
    .map((logProbabilities) => graph.op('ReduceSum', [mul(logProbabilities, own)], { keepdims: int(0) }))
    .reduce((a, b) => add(a, b));
  return mul(sum, -0.5 / batch);
}

function identity(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, position) => (position % (size + 1) === 0 ? 1 : 0));
}
