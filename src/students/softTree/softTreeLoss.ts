import { dimensionsOf, int, ints, type Graph, type Value } from '../../onnx/graph.ts';

/** Values of a soft decision tree in the graph of a training step; see `softTreeValues`. */
export interface SoftTree {
  /** [batch, leaves] */
  readonly leafLogProbabilities: Value;
  /** [leaves, classes] */
  readonly leafLogDistributions: Value;
}

/** Samples added to both sides of every node, so that the penalty of one that sends all samples one way is finite. */
const BALANCE_EPSILON = 1e-6;

/**
 * The loss of a soft decision tree (Frosst & Hinton, arXiv 1711.09784, with the sum over leaves outside of the logarithm):
 *
 *     mean over samples of Σ_ℓ P^ℓ(x) · H(target, Q^ℓ)  −  λ Σ_i 2^(−d_i) · ½ [log α_i + log(1 − α_i)]
 *
 * where α_i = Σ_x P^i(x) p_i(x) / Σ_x P^i(x) is the share of a batch that node i sends right and d_i the node's depth,
 * 0 at the root. Σ_x P^i(x) is taken as the sum over the leaves below the node.
 *
 * @param target distributions over the classes [batch, classes]: labels, or the teacher's probabilities
 * @param penalty λ; usually about 0.1
 * @returns a scalar
 */
export function buildSoftTreeLoss(graph: Graph, tree: SoftTree, target: Value, penalty: number): Value {
  const reached = graph.op('Exp', [tree.leafLogProbabilities]);
  const classesFirst = graph.op('Transpose', [tree.leafLogDistributions], { perm: ints([1, 0]) });
  const agreement = graph.op('Mul', [reached, graph.op('MatMul', [target, classesFirst])]);
  const perSample = graph.op('ReduceSum', [agreement, graph.integers([1])], { keepdims: int(0) });
  const crossEntropy = graph.op('Neg', [graph.op('ReduceMean', [perSample], { keepdims: int(0) })]);
  if (penalty === 0) return crossEntropy;
  return graph.op('Add', [crossEntropy, buildBalancePenalty(graph, reached, penalty)]);
}

function buildBalancePenalty(graph: Graph, reached: Value, penalty: number): Value {
  const sum = (value: Value, axes: readonly number[], keep: 0 | 1 = 0): Value =>
    graph.op('ReduceSum', [value, graph.integers(axes)], { keepdims: int(keep) });
  const [, leaves = 1] = dimensionsOf(reached);
  const samplesAtLeaves = sum(reached, [0]);
  const epsilon = graph.scalar(BALANCE_EPSILON);
  const levels = Array.from({ length: Math.log2(leaves) }, (_, level) => {
    const nodes = 2 ** level;
    const below = graph.op('Reshape', [samplesAtLeaves, graph.integers([nodes, 2, leaves / nodes / 2])]);
    const sides = graph.op('Add', [sum(below, [2]), epsilon]);
    const shares = graph.op('Div', [sides, sum(sides, [1], 1)]);
    return graph.op('Mul', [sum(graph.op('Log', [shares]), [0, 1]), graph.scalar((-penalty * 2 ** -level) / 2)]);
  });
  return levels.reduce((total, level) => graph.op('Add', [total, level]));
}
