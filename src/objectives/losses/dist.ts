import { formula, type Operand } from '../../autodiff/formula.ts';
import { meanOver, sumOver } from '../../autodiff/layout.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { softenedLogProbabilities, squaredTemperature } from '../softening.ts';
import { softTarget, type WeightedTeacher } from '../teacherDistribution.ts';

/** What DIST looks at, and the weights of its parts. */
export interface DistOptions {
  /** Logits [B, C]. */
  readonly student: Value;
  readonly teachers: readonly WeightedTeacher[];
  readonly temperature: Operand;
  /** Weight of the correlations within samples. */
  readonly beta: Operand;
  /** Weight of the correlations within classes. */
  readonly gamma: Operand;
}

/**
 * DIST (arXiv 2205.10536): τ² [β (1 − mean over rows of ρ) + γ (1 − mean over columns of ρ)], ρ the Pearson correlation
 * of the teacher's and the student's softmax(z / τ). Usual: β = γ = 1 with weight 2 beside labels at 1; τ 4 on CIFAR, 1
 * on ImageNet. A column needs more than one sample.
 *
 * @returns a scalar
 */
export function buildDistLoss(graph: Graph, options: DistOptions): Value {
  const { add, sub, mul, exp } = formula(graph);
  const softening = { temperature: options.temperature, standardize: false };
  const student = exp(softenedLogProbabilities(graph, options.student, softening));
  const teacher = softTarget(graph, options.teachers, softening).probabilities;
  const part = (axis: number, weight: Operand): Value => {
    const mean = graph.op('ReduceMean', [correlation(graph, student, teacher, axis)], { keepdims: int(0) });
    return mul(sub(1, mean), weight);
  };
  return mul(add(part(1, options.beta), part(0, options.gamma)), squaredTemperature(graph, options.temperature));
}

/** Share of the sum of squares below which a variance is rounding error. */
const rounding = 1e-10;

/** Pearson correlations along an axis; 0, with gradient 0, where either side does not vary. */
function correlation(graph: Graph, a: Value, b: Value, axis: number): Value {
  const { mul } = formula(graph);
  return sumOver(graph, mul(standardScores(graph, a, axis), standardScores(graph, b, axis)), [axis], false);
}

/** x − mean x divided by its Euclidean norm, along an axis; 0 where x does not vary. */
function standardScores(graph: Graph, x: Value, axis: number): Value {
  const { add, sub, mul, div, sqrt, square, isGreater } = formula(graph);
  const centred = sub(x, meanOver(graph, x, [axis]));
  const variation = sumOver(graph, square(centred), [axis], true);
  const varies = isGreater(variation, mul(sumOver(graph, square(x), [axis], true), rounding));
  const norm = sqrt(add(mul(variation, varies), sub(1, varies)));
  return mul(div(centred, norm), varies);
}
