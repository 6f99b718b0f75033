import type { Rows } from '../fitData.ts';

/** A decision tree. Node 0 is its root, and nodes come after the node above them. */
export interface Tree {
  /** Index of the feature that a node decides by; −1 for a leaf. */
  readonly feature: Int32Array;
  /** A sample goes left where its feature is no larger than this. */
  readonly threshold: Float32Array;
  /** The nodes below; −1 for a leaf. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Numbers that a leaf gives. */
  readonly width: number;
  /** What every node would give were it a leaf, [nodes, width]. */
  readonly values: Float64Array;
  /** Training rows that came to a node, and the sum of their weights. */
  readonly rows: Int32Array;
  readonly weight: Float64Array;
  /** How different the targets are of the rows that came to a node; see `impurity.ts`. */
  readonly impurity: Float64Array;
}

/** Nodes of a tree, leaves among them. */
export function nodeCount({ feature }: Tree): number {
  return feature.length;
}

/** How many leaves a tree has. */
export function leafCount({ feature }: Tree): number {
  return feature.reduce((count, each) => count + (each < 0 ? 1 : 0), 0);
}

/** Decisions on the longest way from the root to a leaf. */
export function depthOf({ feature, left, right }: Tree): number {
  const depths = new Int32Array(feature.length);
  for (let node = 0; node < feature.length; node++) {
    if ((feature[node] ?? -1) < 0) continue;
    const below = (depths[node] ?? 0) + 1;
    depths[left[node] ?? 0] = below;
    depths[right[node] ?? 0] = below;
  }
  return depths.reduce((most, depth) => Math.max(most, depth), 0);
}

/** The leaf that a row comes to. */
export function leafOf({ feature, threshold, left, right }: Tree, rows: Rows, row: number): number {
  const start = row * rows.features;
  let node = 0;
  for (;;) {
    const decided = feature[node] ?? -1;
    if (decided < 0) return node;
    const goesLeft = (rows.values[start + decided] ?? 0) <= (threshold[node] ?? 0);
    node = (goesLeft ? left[node] : right[node]) ?? 0;
  }
}

/** Adds what a tree gives for every row, times a factor, to `sums` [rows, width], or to the outputs from `offset` on of wider rows. */
export function addPredictions(
  tree: Tree,
  rows: Rows,
  sums: Float64Array,
  { factor, stride = tree.width, offset = 0 }: { factor: number; stride?: number; offset?: number },
): void {
  for (let row = 0; row < rows.count; row++) {
    const from = leafOf(tree, rows, row) * tree.width;
    const to = row * stride + offset;
    for (let index = 0; index < tree.width; index++) {
      sums[to + index] = (sums[to + index] ?? 0) + factor * (tree.values[from + index] ?? 0);
    }
  }
}
