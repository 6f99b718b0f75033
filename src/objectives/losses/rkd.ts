import { formula, type Operand } from '../../autodiff/formula.ts';
import { reshape, sumOver, transposeMatrices } from '../../autodiff/layout.ts';
import { dimensionsOf, int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { elementCount } from '../../onnx/tensor.ts';

/** Weights of the two parts; a part whose weight is the number 0 is not built. */
export interface RkdWeights {
  readonly distance: Operand;
  readonly angle: Operand;
}

/**
 * Relational knowledge distillation (arXiv 1904.05068), where samples are points: distance · mean over pairs of
 * Huber(d_s − d_t), d the Euclidean distances divided by the mean of the positive ones, + angle · mean over triplets of
 * Huber(cos_s − cos_t), cos of the angle at one sample between two others; Huber with δ = 1. As in the authors' code
 * the means are over all B² pairs and B³ triplets, those with a sample repeated included (they add nothing). Two
 * samples that coincide have distance 0, angle 0 and no gradient. Usual: distance 25, angle 50. The angle costs O(B³),
 * both O(B² D).
 *
 * @param student [B, …]
 * @param teacher [B, …]; no gradient flows into it
 * @returns a scalar
 */
export function buildRkdLoss(graph: Graph, student: Value, teacher: Value, weights: RkdWeights): Value {
  const { add, mul } = formula(graph);
  const [studentPairs, teacherPairs] = [pairs(graph, student), pairs(graph, teacher)];
  const part = (relation: (graph: Graph, pairs: Pairs) => Value, weight: Operand): Value =>
    mul(huberMean(graph, relation(graph, studentPairs), relation(graph, teacherPairs)), weight);
  const parts = [
    ...(weights.distance === 0 ? [] : [part(relativeDistances, weights.distance)]),
    ...(weights.angle === 0 ? [] : [part(cosines, weights.angle)]),
  ];
  return parts.length > 0 ? parts.reduce((a, b) => add(a, b)) : graph.scalar(0, student);
}

/** All pairs of samples. */
interface Pairs {
  /** x_j − x_i at [i, j], [B, B, D]. */
  readonly differences: Value;
  /** Their lengths [B, B, 1]. */
  readonly distances: Value;
  /** 1 where the length is positive, [B, B, 1]. */
  readonly apart: Value;
}

function pairs(graph: Graph, samples: Value): Pairs {
  const { add, sub, mul, sqrt, square, isGreater } = formula(graph);
  const [batch = 1, ...rest] = dimensionsOf(samples);
  const size = elementCount(rest);
  const differences = sub(reshape(graph, samples, [1, batch, size]), reshape(graph, samples, [batch, 1, size]));
  const squares = sumOver(graph, square(differences), [2], true);
  const apart = isGreater(squares, 0);
  const distances = mul(sqrt(add(squares, sub(1, apart))), apart);
  return { differences, distances, apart };
}

/** The distances divided by the mean of the positive ones; all 0 where there is none. */
function relativeDistances(graph: Graph, { distances, apart }: Pairs): Value {
  const { mul, div, max } = formula(graph);
  const total = (value: Value): Value => graph.op('ReduceSum', [value], { keepdims: int(0) });
  const mean = div(total(distances), max(total(apart), 1));
  return mul(div(distances, max(mean, smallestMean)), apart);
}
const smallestMean = 2 ** -100;

/** Cosines of the angles at sample i between j and k, [B, B, B]. */
function cosines(graph: Graph, { differences, distances, apart }: Pairs): Value {
  const { add, sub, mul, div } = formula(graph);
  const directions = mul(div(differences, add(distances, sub(1, apart))), apart);
  return graph.op('MatMul', [directions, transposeMatrices(graph, directions)]);
}

/** The mean of ½ x² for |x| ≤ 1 and |x| − ½ beyond. */
function huberMean(graph: Graph, a: Value, b: Value): Value {
  const { add, sub, mul, min, abs, square } = formula(graph);
  const size = abs(sub(a, b));
  const inner = min(size, 1);
  return graph.op('ReduceMean', [add(mul(square(inner), 0.5), sub(size, inner))], { keepdims: int(0) });
}
