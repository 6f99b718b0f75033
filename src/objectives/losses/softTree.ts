import { formula } from '../../autodiff/formula.ts';
import { reshape, sumOver } from '../../autodiff/layout.ts';
import { dimensionsOf, ints, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { meanOverRows } from '../meanOverRows.ts';

/** What the terms see of a student that is a soft decision tree. */
export interface SoftTree {
  /** [B, leaves]: log probability P of reaching each leaf, from left to right. */
  readonly leafLogProbabilities: Value;
  /** [leaves, C]: log distribution Q of each leaf. */
  readonly leafLogDistributions: Value;
  /** λ, the weight of the balance penalty. */
  readonly penalty: number;
}

/** Samples added to both sides of every node, so that the penalty of one that sends all samples one way is finite. */
const balanceEpsilon = 1e-6;

/**
 * The loss of a soft decision tree (Frosst & Hinton, arXiv 1711.09784, with the sum over leaves outside of the logarithm):
 * (1/B) Σ_b Σ_ℓ P^ℓ(x_b) · H(target_b, Q^ℓ). A temperature softens the target only, and so there is no factor T².
 *
 * @param target distributions over the classes [B, C]; no gradient flows into them
 * @param rowWeights [B], 1 where a sample has a target; all have by default
 * @returns a scalar
 */
export function buildSoftTreeLoss(
  graph: Graph,
  { leafLogProbabilities, leafLogDistributions }: Omit<SoftTree, 'penalty'>,
  target: Value,
  rowWeights?: Value,
): Value {
  const { exp, mul, neg } = formula(graph);
  const classesFirst = graph.op('Transpose', [leafLogDistributions], { perm: ints([1, 0]) });
  const agreement = mul(exp(leafLogProbabilities), graph.op('MatMul', [target, classesFirst]));
  return meanOverRows(graph, neg(sumOver(graph, agreement, [1], false)), rowWeights);
}

/**
 * The penalty for nodes that send all samples one way: −Σ_i 2^(−d_i) · ½ [log α_i + log(1 − α_i)], where α_i = Σ_x P^i(x)
 * p_i(x) / Σ_x P^i(x) is the share of a batch that node i sends right and d_i the node's depth, 0 at the root. Σ_x P^i(x) is
 * taken as the sum over the leaves below the node. Usual weight: 0.1.
 *
 * @param leafLogProbabilities [B, leaves]
 * @returns a scalar
 */
export function buildBalancePenalty(graph: Graph, leafLogProbabilities: Value): Value {
  const { add, mul, div, exp, log } = formula(graph);
  const leaves = dimensionsOf(leafLogProbabilities)[1] ?? 1;
  const samplesAtLeaves = sumOver(graph, exp(leafLogProbabilities), [0], false);
  return Array.from({ length: Math.log2(leaves) }, (_, level) => {
    const nodes = 2 ** level;
    const below = reshape(graph, samplesAtLeaves, [nodes, 2, leaves / nodes / 2]);
    const sides = add(sumOver(graph, below, [2], false), balanceEpsilon);
    const shares = div(sides, sumOver(graph, sides, [1], true));
    return mul(sumOver(graph, log(shares), [0, 1], false), -(2 ** -level) / 2);
  }).reduce((total, level) => add(total, level));
}
