import { formula } from '../../autodiff/formula.ts';
import { meanOver, reshape } from '../../autodiff/layout.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { buildMse } from './mse.ts';

/** The bound of a bounded regression. */
export interface RegressionBound {
  /** True values, of the outputs' shape. */
  readonly labels: Value;
  /** How much better than the teacher, in mean squared error, a student has to be to be left alone. */
  readonly margin: number;
  /** [B], 1 where a sample has them; without, nothing tells that the teacher is wrong, and the sample counts. */
  readonly labelled?: Value | undefined;
}

/**
 * The mean over all elements of (ŷ_t − ŷ_s)²: regression against the teacher, and matching of outputs of any shape. Of
 * several teachers the outputs are averaged. Usual weight 0.1 to 1 beside `mse`.
 *
 * Bounded (Chen et al., "Learning efficient object detection models with knowledge distillation", 2017): only samples
 * with mean (ŷ_s − y)² + margin > mean (ŷ_t − y)² count, so that a student that is better than its teacher is not
 * pulled back; the mean stays over all samples. Margin 0 keeps those where the student is worse; a negative one asks
 * that it be worse by that much. (There the samples that count add (ŷ_s − y)²; here they are still drawn towards the
 * teacher.)
 *
 * @param student outputs [B, …]
 * @param teacher of the same shape; no gradient flows into it
 * @returns a scalar
 */
export function buildTeacherMse(graph: Graph, student: Value, teacher: Value, bound?: RegressionBound): Value {
  if (!bound) return buildMse(graph, student, teacher);
  const { add, sub, mul, max, square, isGreater } = formula(graph);
  const perSample = (a: Value, b: Value): Value => {
    const squares = square(sub(a, b));
    return meanOver(
      graph,
      squares,
      squares.shape.flatMap((_, axis) => (axis === 0 ? [] : [axis])),
    );
  };
  const worse = isGreater(add(perSample(student, bound.labels), bound.margin), perSample(teacher, bound.labels));
  const { labelled } = bound;
  const counts = labelled
    ? max(
        worse,
        reshape(
          graph,
          sub(1, labelled),
          worse.shape.map((size) => Number(size)),
        ),
      )
    : worse;
  return graph.op('ReduceMean', [mul(perSample(student, teacher), counts)], { keepdims: int(0) });
}
