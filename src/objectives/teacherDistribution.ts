import { DistilleryError } from '../errors.ts';
import { formula } from '../autodiff/formula.ts';
import { int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { intTensor } from '../onnx/tensor.ts';
import { dataTypeCode } from '../onnx/tensorProto.ts';
import { softenedLogProbabilities, type Softening } from './softening.ts';

/** One teacher's outputs for the batch and its share; the shares of all teachers sum to 1. */
export interface WeightedTeacher {
  /** [N, C] logits, or outputs of the student's shape. No gradient flows into them. */
  readonly logits: Value;
  readonly weight: number;
}

/** What a student's distribution is compared with. */
export interface TargetDistribution {
  /** [N, C] */
  readonly probabilities: Value;
  /** Their logarithms; left out where each row is one class, whose entropy is 0. */
  readonly logProbabilities?: Value;
}

/**
 * log Σ_m w_m softmax(z_m / T): the teachers' *probabilities* are averaged, which trains as the weighted sum of their
 * divergences does.
 *
 * @returns [N, C]
 */
export function teacherLogProbabilities(
  graph: Graph,
  teachers: readonly WeightedTeacher[],
  softening: Softening,
): Value {
  return mixLogarithms(
    graph,
    teachers.map(({ logits, weight }) => ({ weight, log: softenedLogProbabilities(graph, logits, softening) })),
  );
}

/** The averaged, softened distribution of the teachers. */
export function softTarget(
  graph: Graph,
  teachers: readonly WeightedTeacher[],
  softening: Softening,
): TargetDistribution {
  const logProbabilities = teacherLogProbabilities(graph, teachers, softening);
  return { probabilities: graph.op('Exp', [logProbabilities]), logProbabilities };
}

/** All probability on the class that is most probable in the mean of the teachers; the first one among equals. */
export function hardTarget(graph: Graph, teachers: readonly WeightedTeacher[]): TargetDistribution {
  const [only, ...others] = teachers;
  const outputs =
    only && others.length === 0
      ? only.logits
      : teacherLogProbabilities(graph, teachers, { temperature: 1, standardize: false });
  return { probabilities: oneHotOfLargest(graph, outputs) };
}

/** Σ_m w_m z_m: the mean of the teachers' outputs themselves, for losses on logits and on regressed values. */
export function averageOutputs(graph: Graph, teachers: readonly WeightedTeacher[]): Value {
  const { add, mul } = formula(graph);
  return atLeastOne(teachers)
    .map(({ logits, weight }) => (weight === 1 ? logits : mul(logits, weight)))
    .reduce((sum, share) => add(sum, share));
}

/** log Σ_m w_m exp(log_m), element by element, without leaving the logarithms. */
export function mixLogarithms(
  graph: Graph,
  members: readonly { readonly log: Value; readonly weight: number }[],
): Value {
  const { add, sub, mul, max, exp, log } = formula(graph);
  const counting = atLeastOne(members.filter(({ weight }) => weight > 0));
  const largest = counting.map((member) => member.log).reduce((a, b) => max(a, b));
  if (counting.length === 1) return largest;
  const sum = counting.map((member) => mul(exp(sub(member.log, largest)), member.weight)).reduce((a, b) => add(a, b));
  return add(largest, log(sum));
}

/** 1 at the largest entry of every row, the first one among equals, and 0 elsewhere. @param rows [N, C] */
function oneHotOfLargest(graph: Graph, rows: Value): Value {
  return graph.op('Cast', [isLargest(graph, rows)], { to: int(dataTypeCode(rows.type)) });
}

/** Whether an entry is the largest of its row, the first one among equals: [N, C] of bool. @param rows [N, C] */
export function isLargest(graph: Graph, rows: Value): Value {
  const classes = Number(rows.shape[1]);
  const chosen = graph.op('ArgMax', [rows], { axis: int(1), keepdims: int(1) });
  const indices = graph.constant(intTensor(Array.from({ length: classes }, (_, index) => index)));
  return graph.op('Equal', [chosen, indices]);
}

function atLeastOne<T>(members: readonly T[]): readonly T[] {
  if (members.length === 0) throw new DistilleryError('INTERNAL', 'An objective needs a teacher and has none.');
  return members;
}
