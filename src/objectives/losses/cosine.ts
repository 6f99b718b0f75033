import { formula } from '../../autodiff/formula.ts';
import { sumOver } from '../../autodiff/layout.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { meanOverRows } from '../meanOverRows.ts';
import { normalizeAlong } from '../normalizeAlong.ts';

/**
 * The mean of 1 − cos(student, teacher) over all feature vectors, as DistilBERT aligns its hidden states (arXiv
 * 1910.01108; weight 1 there). The vectors lie along the last axis of [B, D] and [B, L, H], and along the channels of
 * [B, C, H, W].
 *
 * @param teacher of the student feature's shape; no gradient flows into it
 * @param tokens [B, L], 1 at tokens and 0 at padding: positions of features [B, L, H] that count
 * @returns a scalar
 */
export function buildCosineLoss(graph: Graph, student: Value, teacher: Value, tokens?: Value): Value {
  const { sub, mul } = formula(graph);
  const axis = student.shape.length === 4 ? 1 : student.shape.length - 1;
  const products = mul(normalizeAlong(graph, student, axis), normalizeAlong(graph, teacher, axis));
  const distances = sub(1, sumOver(graph, products, [axis], false));
  return meanOverRows(graph, distances, student.shape.length === 3 ? tokens : undefined);
}
