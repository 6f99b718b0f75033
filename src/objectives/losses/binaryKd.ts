import { formula, type Operand } from '../../autodiff/formula.ts';
import { sumOver } from '../../autodiff/layout.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { meanOverRows } from '../meanOverRows.ts';
import { squaredTemperature } from '../softening.ts';
import { mixLogarithms, type WeightedTeacher } from '../teacherDistribution.ts';

/**
 * Knowledge distillation of independent yes/no classes: T² · (1/B) Σ_b Σ_c KL(Bernoulli(p_t) ‖ Bernoulli(p_s)) with p =
 * σ(z / T), which is `kd` for every class by itself. Of several teachers the probabilities are averaged. Usual: T and
 * weights as `kd`, beside `binary-labels`.
 *
 * @param student logits [B, C]
 * @returns a scalar
 */
export function buildBinaryKdLoss(
  graph: Graph,
  student: Value,
  teachers: readonly WeightedTeacher[],
  temperature: Operand,
): Value {
  const { add, sub, mul, div, neg, exp } = formula(graph);
  const softened = div(student, temperature);
  const parts = [(logits: Value) => logits, neg].map((sign) => {
    const members = teachers.map(({ logits, weight }) => ({
      weight,
      log: logSigmoid(graph, sign(div(logits, temperature))),
    }));
    const teacherLog = mixLogarithms(graph, members);
    return mul(exp(teacherLog), sub(teacherLog, logSigmoid(graph, sign(softened))));
  });
  const divergence = sumOver(
    graph,
    parts.reduce((a, b) => add(a, b)),
    [1],
    false,
  );
  return mul(meanOverRows(graph, divergence), squaredTemperature(graph, temperature));
}

/** log σ(x) = −softplus(−x). */
function logSigmoid(graph: Graph, x: Value): Value {
  const { neg, softplus } = formula(graph);
  return neg(softplus(neg(x)));
}
