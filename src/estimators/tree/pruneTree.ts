import type { FitData, FitTargets } from '../fitData.ts';
import { collapseOrder, type Collapse } from './collapseOrder.ts';
import { leafOf, nodeCount, type Tree } from './tree.ts';

/** What pruning left, and how much a leaf had to be worth. */
export interface PrunedTree {
  readonly tree: Tree;
  readonly alpha: number;
}

/** Makes leaves of all nodes whose leaves are worth no more than `alpha` each: scikit-learn's `ccp_alpha`. */
export function pruneByCost(tree: Tree, alpha: number): PrunedTree {
  return {
    tree: withLeavesAt(
      tree,
      collapseOrder(tree).filter((step) => step.alpha <= alpha),
    ),
    alpha,
  };
}

/**
 * Of all trees that cost-complexity pruning makes of one, that with the least error on the validation rows; of equal ones the smallest
 * (Breiman et al. 1984).
 *
 * The error of a row is the share of its target that is not on the class that the tree decides for: with labels 0 or 1, with what a teacher
 * says how probably it is wrong, which tells more on few rows. Of numbers it is the squared distance.
 */
export function pruneOnValidation(tree: Tree, { rows, targets }: FitData): PrunedTree {
  const steps = collapseOrder(tree);
  const errorAt = targets.kind === 'classes' ? errorOfDecision(tree, targets) : squaredError(tree, targets);
  const leaves = Int32Array.from({ length: rows.count }, (_, row) => leafOf(tree, rows, row));
  const at = new RowsBelow(tree, leaves);
  let error = 0;
  for (let row = 0; row < rows.count; row++) error += errorAt(row, leaves[row] ?? 0);
  let [least, chosen] = [error, 0];
  steps.forEach(({ node }, step) => {
    at.collapse(node, (row, before) => {
      error += errorAt(row, node) - errorAt(row, before);
    });
    if (error <= least + FLOAT_ERROR * rows.count) {
      least = Math.min(least, error);
      chosen = step + 1;
    }
  });
  return { tree: withLeavesAt(tree, steps.slice(0, chosen)), alpha: steps[chosen - 1]?.alpha ?? 0 };
}

/** Errors of a row that are equal but for the order of sums. */
const FLOAT_ERROR = 1e-12;

type ErrorAt = (row: number, node: number) => number;

function errorOfDecision(tree: Tree, { width, values }: FitTargets): ErrorAt {
  const decided = Int32Array.from({ length: nodeCount(tree) }, (_, node) => {
    const said = tree.values.subarray(node * width, (node + 1) * width);
    return said.reduce((best, share, index) => (share > (said[best] ?? 0) ? index : best), 0);
  });
  return (row, node) => 1 - (values[row * width + (decided[node] ?? 0)] ?? 0);
}

function squaredError(tree: Tree, { width, values }: FitTargets): ErrorAt {
  return (row, node) => {
    let sum = 0;
    for (let index = 0; index < width; index++) {
      const distance = (tree.values[node * width + index] ?? 0) - (values[row * width + index] ?? 0);
      sum += distance * distance;
    }
    return sum;
  };
}

/** Rows by the leaf that they are in, while nodes become leaves. */
class RowsBelow {
  readonly #tree: Tree;
  readonly #rows = new Map<number, number[]>();

  constructor(tree: Tree, leaves: Int32Array) {
    this.#tree = tree;
    leaves.forEach((leaf, row) => {
      const rows = this.#rows.get(leaf);
      if (rows) rows.push(row);
      else this.#rows.set(leaf, [row]);
    });
  }

  /** Moves the rows below a node into it. @param moved is told each of them, and where it was */
  collapse(root: number, moved: (row: number, before: number) => void): void {
    const { left, right } = this.#tree;
    const gathered: number[] = [];
    const waiting = [root];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      for (const row of this.#rows.get(node) ?? []) {
        gathered.push(row);
        moved(row, node);
      }
      this.#rows.delete(node);
      const [one, other] = [left[node] ?? -1, right[node] ?? -1];
      if (one >= 0) waiting.push(one, other);
    }
    this.#rows.set(root, gathered);
  }
}

/** The tree with leaves where steps of pruning made them, without the nodes below. */
function withLeavesAt(tree: Tree, steps: readonly Collapse[]): Tree {
  const isLeaf = Uint8Array.from(tree.feature, (feature) => (feature < 0 ? 1 : 0));
  for (const { node } of steps) isLeaf[node] = 1;
  const kept: number[] = [];
  const places = new Int32Array(nodeCount(tree)).fill(-1);
  const isKept = new Uint8Array(nodeCount(tree));
  isKept[0] = 1;
  for (let node = 0; node < isKept.length; node++) {
    if (isKept[node] === 0) continue;
    places[node] = kept.push(node) - 1;
    if (isLeaf[node] === 1) continue;
    isKept[tree.left[node] ?? 0] = 1;
    isKept[tree.right[node] ?? 0] = 1;
  }
  const below = (nodes: Int32Array): Int32Array =>
    Int32Array.from(kept, (node) => (isLeaf[node] === 1 ? -1 : (places[nodes[node] ?? 0] ?? -1)));
  return {
    feature: Int32Array.from(kept, (node) => (isLeaf[node] === 1 ? -1 : (tree.feature[node] ?? -1))),
    threshold: Float32Array.from(kept, (node) => (isLeaf[node] === 1 ? 0 : (tree.threshold[node] ?? 0))),
    left: below(tree.left),
    right: below(tree.right),
    width: tree.width,
    values: Float64Array.from(
      kept.flatMap((node) => [...tree.values.subarray(node * tree.width, (node + 1) * tree.width)]),
    ),
    rows: Int32Array.from(kept, (node) => tree.rows[node] ?? 0),
    weight: Float64Array.from(kept, (node) => tree.weight[node] ?? 0),
    impurity: Float64Array.from(kept, (node) => tree.impurity[node] ?? 0),
  };
}
