import { float, int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { filled, normal, uniformFanIn, type Random } from '../initialize.ts';

export interface SoftTreeOptions {
  /** Decisions from the root to a leaf, 1 … 10: 2^depth leaves. */
  readonly depth: number;
  /** Inverse temperature of the decisions: the larger, the harder they are. */
  readonly beta: number;
  /** Weight of the penalty for nodes that send all samples one way; see `buildBalancePenalty`. */
  readonly penalty: number;
  /** What the tree says: the mean of all leaves, weighted by the probability of reaching them, or the likeliest leaf. */
  readonly predict: 'mean' | 'best-leaf';
}

/** Names of values in the graph of a soft decision tree. Nodes are numbered from the root, level by level. */
export const softTreeValues = {
  /** [batch, 2^depth − 1]: log-odds β (w · x + b) of going right at each inner node. */
  routing: 'tree.routing',
  /** [batch, 2^depth]: log probability of reaching each leaf, from left to right. */
  leafLogProbabilities: 'tree.leafLogProbabilities',
  /** [2^depth, classes]: log distribution that each leaf holds. */
  leafLogDistributions: 'tree.leafLogDistributions',
} as const;

/** Names of a soft decision tree's weights. */
export const softTreeWeights = {
  /** [2^depth − 1, features]: the filter of each inner node. */
  filters: 'tree.filters.weight',
  /** [2^depth − 1] */
  biases: 'tree.filters.bias',
  /** [2^depth, classes]: logits of each leaf. */
  leaves: 'tree.leaves.weight',
} as const;

/**
 * Appends a soft decision tree (Frosst & Hinton, arXiv 1711.09784): inner node i goes right with probability
 * σ(β (wᵢ · x + bᵢ)), and every leaf holds a distribution over the classes. Computed with logarithms throughout.
 *
 * @param input [batch, …]
 * @returns log probabilities of the classes [batch, classes]
 */
export function appendSoftTree(
  graph: Graph,
  input: Value,
  options: SoftTreeOptions,
  classes: number,
  random: Random,
): Value {
  const { depth, beta, predict } = options;
  const samples = graph.op('Flatten', [input], { axis: int(1) });
  const routing = appendRouting(graph, samples, { inner: 2 ** depth - 1, beta }, random);
  const paths = appendPaths(graph, routing, depth);
  const leaves = graph.initializer(softTreeWeights.leaves, normal(random, [2 ** depth, classes], 1));
  const distributions = graph.op(
    'LogSoftmax',
    [leaves],
    { axis: int(-1) },
    { outputs: [softTreeValues.leafLogDistributions] },
  );
  switch (predict) {
    case 'mean':
      return appendMean(graph, paths, distributions);
    case 'best-leaf': {
      const best = graph.op('ArgMax', [paths], { axis: int(1), keepdims: int(0) });
      return graph.op('Gather', [distributions, best]);
    }
  }
}

function appendRouting(
  graph: Graph,
  samples: Value,
  { inner, beta }: { readonly inner: number; readonly beta: number },
  random: Random,
): Value {
  const features = Number(samples.shape[1]);
  const filters = graph.initializer(softTreeWeights.filters, uniformFanIn(random, [inner, features], features));
  const biases = graph.initializer(softTreeWeights.biases, filled([inner], 0));
  const attributes = { alpha: float(beta), beta: float(beta), transB: int(1) };
  return graph.op('Gemm', [samples, filters, biases], attributes, {
    name: 'tree.filters',
    outputs: [softTreeValues.routing],
  });
}

/** Log probabilities of all paths: level by level, each path splits into one to the left and one to the right. */
function appendPaths(graph: Graph, routing: Value, depth: number): Value {
  const negative = (value: Value): Value => graph.op('Neg', [value]);
  const lastAxis = (value: Value): Value => graph.op('Unsqueeze', [value, graph.integers([2])]);
  // log σ(a) = −softplus(−a): exact for any a, where log of the sigmoid would end at the smallest float.
  const left = negative(graph.op('Softplus', [routing]));
  const right = negative(graph.op('Softplus', [negative(routing)]));
  const branches = graph.op('Concat', [lastAxis(left), lastAxis(right)], { axis: int(2) });
  const widths = Array.from({ length: depth }, (_, level) => 2 ** level);
  const levels = graph.node('Split', [branches, graph.integers(widths)], {
    attributes: { axis: int(1) },
    outputs: widths.map((_, level) => `tree.level${level}`),
  });
  let paths = graph.scalar(0);
  levels.forEach((level, index) => {
    const continued = index === 0 ? level : graph.op('Add', [lastAxis(paths), level]);
    const outputs = index === depth - 1 ? [softTreeValues.leafLogProbabilities] : [`tree.paths${index + 1}`];
    paths = graph.op('Reshape', [continued, graph.integers([0, 2 ** (index + 1)])], {}, { outputs });
  });
  return paths;
}

/** log Σ P · Q over the leaves [batch, classes], with the largest term taken out of the sum so that none is lost. */
function appendMean(graph: Graph, paths: Value, distributions: Value): Value {
  const joint = graph.op('Add', [graph.op('Unsqueeze', [paths, graph.integers([2])]), distributions]);
  const overLeaves = (operator: 'ReduceMax' | 'ReduceSum', value: Value): Value =>
    graph.op(operator, [value, graph.integers([1])], { keepdims: int(1) });
  const largest = overLeaves('ReduceMax', joint);
  const sum = overLeaves('ReduceSum', graph.op('Exp', [graph.op('Sub', [joint, largest])]));
  const mean = graph.op('Add', [graph.op('Log', [sum]), largest]);
  return graph.op('Squeeze', [mean, graph.integers([1])]);
}
