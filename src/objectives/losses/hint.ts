import { formula } from '../../autodiff/formula.ts';
import { meanOver } from '../../autodiff/layout.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { buildMse } from './mse.ts';
import { meanOverRows } from '../meanOverRows.ts';

/**
 * Hints (FitNets, arXiv 1412.6550): the mean over elements of (r(student feature) − teacher feature)², r a learned
 * regressor (features/appendRegressor.ts). Usual weight in the joint form: 100.
 *
 * @param regressed r(student feature), of the teacher feature's shape
 * @param teacher the feature; no gradient flows into it
 * @param tokens [B, L], 1 at tokens and 0 at padding: positions of features [B, L, H] that count
 * @returns a scalar
 */
export function buildHintLoss(graph: Graph, regressed: Value, teacher: Value, tokens?: Value): Value {
  if (!tokens || regressed.shape.length !== 3) return buildMse(graph, regressed, teacher);
  const { sub, square } = formula(graph);
  return meanOverRows(graph, meanOver(graph, square(sub(regressed, teacher)), [2]), tokens);
}
