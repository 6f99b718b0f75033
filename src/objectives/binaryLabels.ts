import { formula } from '../autodiff/formula.ts';
import { sumOver } from '../autodiff/layout.ts';
import type { Graph, Value } from '../onnx/graph.ts';
import { meanOverRows } from './meanOverRows.ts';

/**
 * Cross-entropy of independent yes/no classes: −(1/B) Σ_b Σ_c [y log σ(z) + (1 − y) log(1 − σ(z))], written as
 * softplus(z) − y z, which does not overflow. Summed over the classes, as all classification losses are.
 *
 * @param student logits [B, C]
 * @param labels 0 or 1 per class [B, C]
 * @returns a scalar
 */
export function buildBinaryLabelsLoss(graph: Graph, student: Value, labels: Value): Value {
  const { sub, mul, softplus } = formula(graph);
  return meanOverRows(graph, sumOver(graph, sub(softplus(student), mul(labels, student)), [1], false));
}
