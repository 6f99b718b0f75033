import { int, text, type Graph } from '../onnx/graph.ts';
import type { Attribute, Value } from '../onnx/node.ts';
import { nodeCount, type Tree } from './tree/tree.ts';

/** Trees whose leaves are added up. */
export interface TreeSum {
  readonly trees: readonly {
    readonly tree: Tree;
    /** The output that the first number of its leaves is added to; the others follow. */
    readonly output: number;
  }[];
  /** What every leaf is multiplied by. */
  readonly factor: number;
  /** What the sums begin with; zeros where left out. */
  readonly base?: readonly number[] | undefined;
  /** Number of outputs. */
  readonly width: number;
}

/** The domain of trees, SVMs and the like in ONNX. */
export const ML_DOMAIN = 'ai.onnx.ml';

/**
 * Adds trees as one `TreeEnsembleRegressor`.
 *
 * @param rows [batch, features]
 * @returns [batch, width]
 */
export function appendTrees(graph: Graph, rows: Value, { trees, factor, base, width }: TreeSum): Value {
  const nodes = { tree: [] as number[], node: [] as number[], feature: [] as number[], value: [] as number[] };
  const [modes, left, right]: [string[], number[], number[]] = [[], [], []];
  const targets = { tree: [] as number[], node: [] as number[], id: [] as number[], weight: [] as number[] };
  trees.forEach(({ tree, output }, index) => {
    for (let node = 0; node < nodeCount(tree); node++) {
      const isLeaf = (tree.feature[node] ?? -1) < 0;
      nodes.tree.push(index);
      nodes.node.push(node);
      nodes.feature.push(isLeaf ? 0 : (tree.feature[node] ?? 0));
      nodes.value.push(tree.threshold[node] ?? 0);
      modes.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ');
      left.push(isLeaf ? 0 : (tree.left[node] ?? 0));
      right.push(isLeaf ? 0 : (tree.right[node] ?? 0));
      for (let at = 0; isLeaf && at < tree.width; at++) {
        targets.tree.push(index);
        targets.node.push(node);
        targets.id.push(output + at);
        targets.weight.push(factor * (tree.values[node * tree.width + at] ?? 0));
      }
    }
  });
  const attributes = {
    aggregate_function: text('SUM'),
    post_transform: text('NONE'),
    n_targets: int(width),
    ...(base && { base_values: floats(base) }),
    nodes_treeids: integers(nodes.tree),
    nodes_nodeids: integers(nodes.node),
    nodes_featureids: integers(nodes.feature),
    nodes_values: floats(nodes.value),
    nodes_modes: { kind: 'strings', value: modes } as const,
    nodes_truenodeids: integers(left),
    nodes_falsenodeids: integers(right),
    target_treeids: integers(targets.tree),
    target_nodeids: integers(targets.node),
    target_ids: integers(targets.id),
    target_weights: floats(targets.weight),
  };
  return graph.op('TreeEnsembleRegressor', [rows], attributes, { domain: ML_DOMAIN, name: 'trees' });
}

function integers(value: readonly number[]): Attribute {
  return { kind: 'ints', value };
}

function floats(value: readonly number[]): Attribute {
  return { kind: 'floats', value };
}
