import { int, type Graph, type Value } from '../onnx/graph.ts';
import { batchMean } from './batchMean.ts';

/**
 * Knowledge distillation (Hinton et al., arXiv 1503.02531): T² · (1/B) Σ_b Σ_c p_t log(p_t / p_s) with
 * p = softmax(logits / T). The factor T² keeps the gradient's size independent of T.
 *
 * @param student logits [B, C]
 * @param teacher logits [B, C]; no gradient flows into them
 * @returns a scalar
 */
export function buildKdLoss(graph: Graph, student: Value, teacher: Value, temperature: number): Value {
  const soften = (logits: Value): Value =>
    graph.op('LogSoftmax', [temperature === 1 ? logits : graph.op('Mul', [logits, graph.scalar(1 / temperature)])], {
      axis: int(-1),
    });
  const teacherLog = soften(teacher);
  const divergence = graph.op('Mul', [graph.op('Exp', [teacherLog]), graph.op('Sub', [teacherLog, soften(student)])]);
  return batchMean(graph, divergence, temperature ** 2);
}
