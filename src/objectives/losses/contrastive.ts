import { formula, type Operand } from '../../autodiff/formula.ts';
import { transposeMatrices } from '../../autodiff/layout.ts';
import { dimensionsOf, int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import { poolToVectors } from '../features/poolToVectors.ts';
import { normalizeAlong } from '../normalizeAlong.ts';

/**
 * Contrastive distillation: the student's feature of a sample shall be nearer to the teacher's feature of that sample
 * than to those of the others in the batch, and the other way round. With a_ij = cos(student_i, teacher_j) / τ it is −½
 * (1/B) Σ_i [log softmax_j(a_ij) at j = i + log softmax_j(a_ji) at j = i], which is InfoNCE (arXiv 1807.03748) in both
 * directions. CRD (arXiv 1910.10699) draws its negatives from a memory of all samples instead; the batch needs none.
 * Usual: τ 0.1, weight 1; more negatives, that is a larger batch, help.
 *
 * @param projected the student's feature after a learned linear map (features/appendRegressor.ts) [B, D]
 * @param teacher feature [B, D], or one that is averaged over its positions to that; no gradient flows into it
 * @returns a scalar
 */
export function buildContrastiveLoss(graph: Graph, projected: Value, teacher: Value, temperature: Operand): Value {
  const { add, mul, div } = formula(graph);
  const [batch = 1] = dimensionsOf(projected);
  const students = normalizeAlong(graph, projected, 1);
  const teachers = normalizeAlong(graph, poolToVectors(graph, teacher), 1);
  const similarities = div(graph.op('MatMul', [students, transposeMatrices(graph, teachers)]), temperature);
  const own = graph.constant(floatTensor(identity(batch), [batch, batch]));
  const sum = [similarities, transposeMatrices(graph, similarities)]
    .map((rows) => mul(graph.op('LogSoftmax', [rows], { axis: int(-1) }), own))
    .map((logProbabilities) => graph.op('ReduceSum', [logProbabilities], { keepdims: int(0) }))
    .reduce((a, b) => add(a, b));
  return mul(sum, -0.5 / batch);
}

function identity(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, position) => (position % (size + 1) === 0 ? 1 : 0));
}
