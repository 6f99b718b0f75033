import { formula } from '../../autodiff/formula.ts';
import { sumOver } from '../../autodiff/layout.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { meanOverRows } from '../meanOverRows.ts';
import type { DivergenceKind } from '../objectiveTerm.ts';
import { softenedLogProbabilities, squaredTemperature, type Softening } from '../softening.ts';
import { mixLogarithms } from '../teacherDistribution.ts';

export interface DivergenceOptions extends Softening {
  readonly kind: Exclude<DivergenceKind, 'forward'>;
  /** Share of the teacher in the mixture of `jensen-shannon`, strictly between 0 and 1. */
  readonly beta: number;
}

/**
 * Other divergences between the softened distributions P of the teacher and Q of the student, times T² as `kd` is:
 *
 * - `reverse`: KL(Q ‖ P). It lets the student leave out what it cannot have of P, rather than spread over all of it (MiniLLM, arXiv 2306.08543);
 * - `jensen-shannon`: β KL(P ‖ M) + (1 − β) KL(Q ‖ M) with M = β P + (1 − β) Q, the generalised one of GKD (arXiv 2306.13649); bounded, and
 *   0.5 is the usual β. Divided by β it goes to KL(P ‖ Q) for β → 0, and by 1 − β to KL(Q ‖ P) for β → 1.
 *
 * @param student logits [N, C]
 * @param teacherLog log P [N, C]; no gradient flows into it
 * @returns a scalar
 */
export function buildDivergenceLoss(
  graph: Graph,
  student: Value,
  teacherLog: Value,
  options: DivergenceOptions,
  rowWeights?: Value,
): Value {
  const { add, mul } = formula(graph);
  const { kind, beta, temperature } = options;
  const studentLog = softenedLogProbabilities(graph, student, options);
  const rows = (): Value => {
    switch (kind) {
      case 'reverse':
        return divergence(graph, studentLog, teacherLog);
      case 'jensen-shannon': {
        const mixture = mixLogarithms(graph, [
          { log: teacherLog, weight: beta },
          { log: studentLog, weight: 1 - beta },
        ]);
        return add(
          mul(divergence(graph, teacherLog, mixture), beta),
          mul(divergence(graph, studentLog, mixture), 1 - beta),
        );
      }
    }
  };
  return mul(meanOverRows(graph, rows(), rowWeights), squaredTemperature(graph, temperature));
}

/** KL of every row, of log-probabilities. */
function divergence(graph: Graph, from: Value, to: Value): Value {
  const { mul, sub, exp } = formula(graph);
  return sumOver(graph, mul(exp(from), sub(from, to)), [1], false);
}
