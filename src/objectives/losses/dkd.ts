import { formula, type Operand } from '../../autodiff/formula.ts';
import { concat, sumOver } from '../../autodiff/layout.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { dataTypeCode } from '../../onnx/tensorProto.ts';
import { meanOverRows } from '../meanOverRows.ts';
import { softenedLogProbabilities, squaredTemperature, type Softening } from '../softening.ts';
import { isLargest, teacherLogProbabilities, type WeightedTeacher } from '../teacherDistribution.ts';

/** What DKD looks at, and the weights of its parts. */
export interface DkdOptions extends Softening {
  /** Logits [N, C]. */
  readonly student: Value;
  readonly teachers: readonly WeightedTeacher[];
  /** [N, C]; the largest entry names the target class. */
  readonly labels: Value;
  /** Weight of the divergence between target and everything else. */
  readonly alpha: Operand;
  /** Weight of the divergence among the other classes. */
  readonly beta: Operand;
  readonly rowWeights?: Value | undefined;
}

/**
 * Decoupled knowledge distillation (arXiv 2203.08679): T² (1/N) Σ_n [α KL(b_t ‖ b_s) + β KL(p̂_t ‖ p̂_s)] with b =
 * [p_y, 1 − p_y] and p̂ = softmax over the classes other than the label y, all at temperature T. Usual: α 1, β 8 (2 for
 * shallow pairs), T 4, weight 1 beside labels at 1, warmed up over 20 epochs. With two classes p̂ is one class: C ≥ 3.
 *
 * @returns a scalar
 */
export function buildDkdLoss(graph: Graph, options: DkdOptions): Value {
  const { add, mul } = formula(graph);
  const isTarget = isLargest(graph, options.labels);
  const teacher = split(graph, teacherLogProbabilities(graph, options.teachers, options), isTarget);
  const student = split(graph, softenedLogProbabilities(graph, options.student, options), isTarget);
  const rows = add(
    mul(divergence(graph, teacher.target, student.target), options.alpha),
    mul(divergence(graph, teacher.others, student.others), options.beta),
  );
  return mul(meanOverRows(graph, rows, options.rowWeights), squaredTemperature(graph, options.temperature));
}

/** Stands for −∞: its exponential is 0, and products with it stay finite. */
const lowest = -1e30;

/**
 * Log-probabilities of target against rest [N, 2], and among the rest [N, C], where the target's is `lowest` or less.
 */
interface Decoupled {
  readonly target: Value;
  readonly others: Value;
}

function split(graph: Graph, logProbabilities: Value, isTarget: Value): Decoupled {
  const { add, sub, mul, exp, log } = formula(graph);
  const mask = graph.op('Cast', [isTarget], { to: int(dataTypeCode(logProbabilities.type)) });
  const rest = graph.op('Where', [isTarget, graph.scalar(lowest, logProbabilities), logProbabilities]);
  const largest = graph.op('ReduceMax', [rest, graph.integers([1])], { keepdims: int(1) });
  const logRest = add(largest, log(sumOver(graph, exp(sub(rest, largest)), [1], true)));
  const logTarget = sumOver(graph, mul(mask, logProbabilities), [1], true);
  return {
    target: graph.op('LogSoftmax', [concat(graph, [logTarget, logRest], 1)], { axis: int(-1) }),
    others: graph.op('LogSoftmax', [rest], { axis: int(-1) }),
  };
}

/** KL(teacher ‖ student) of every row, of log-probabilities. */
function divergence(graph: Graph, teacher: Value, student: Value): Value {
  const { mul, sub, exp } = formula(graph);
  return sumOver(graph, mul(exp(teacher), sub(teacher, student)), [1], false);
}
