import { nodeCount, type Tree } from './tree.ts';

/** One step of cost-complexity pruning: a node becomes a leaf. */
export interface Collapse {
  readonly node: number;
  /** What a leaf must cost for this to be no loss (α of Breiman et al. 1984); it never falls from step to step. */
  readonly alpha: number;
}

interface Candidate extends Collapse {
  /** Changes of what lies below the node before this was computed. */
  readonly version: number;
}

/**
 * The order in which minimal cost-complexity pruning makes leaves of a tree's nodes: each time that node whose leaves help least, for each of
 * them. The last is the root.
 */
export function collapseOrder(tree: Tree): readonly Collapse[] {
  const count = nodeCount(tree);
  const total = tree.weight[0] ?? 1;
  const above = new Int32Array(count).fill(-1);
  const risk = Float64Array.from(tree.impurity, (impurity, node) => (impurity * (tree.weight[node] ?? 0)) / total);
  /** Of what is below a node: its leaves, and their impurity. */
  const leaves = new Int32Array(count).fill(1);
  const below = risk.slice();
  const versions = new Int32Array(count);
  const isInner = Uint8Array.from(tree.feature, (feature) => (feature < 0 ? 0 : 1));
  for (let node = count - 1; node >= 0; node--) {
    if (isInner[node] === 0) continue;
    const [left, right] = [tree.left[node] ?? 0, tree.right[node] ?? 0];
    above[left] = node;
    above[right] = node;
    leaves[node] = (leaves[left] ?? 0) + (leaves[right] ?? 0);
    below[node] = (below[left] ?? 0) + (below[right] ?? 0);
  }
  const heap = new LeastFirst();
  const offer = (node: number): void => {
    const alpha = ((risk[node] ?? 0) - (below[node] ?? 0)) / ((leaves[node] ?? 2) - 1);
    heap.push({ node, alpha, version: versions[node] ?? 0 });
  };
  for (let node = 0; node < count; node++) if (isInner[node] === 1) offer(node);
  const order: Collapse[] = [];
  let alpha = 0;
  for (let next = heap.pop(); next; next = heap.pop()) {
    const { node } = next;
    if (isInner[node] === 0 || next.version !== versions[node]) continue;
    // What float error makes smaller than the one before is the same.
    alpha = Math.max(alpha, next.alpha);
    order.push({ node, alpha });
    const gone = (leaves[node] ?? 1) - 1;
    const added = (risk[node] ?? 0) - (below[node] ?? 0);
    closeBelow(tree, node, isInner);
    for (let upper = node; upper >= 0; upper = above[upper] ?? -1) {
      leaves[upper] = (leaves[upper] ?? 0) - gone;
      below[upper] = (below[upper] ?? 0) + added;
      versions[upper] = (versions[upper] ?? 0) + 1;
      if (upper !== node) offer(upper);
    }
  }
  return order;
}

function closeBelow({ left, right }: Tree, root: number, isInner: Uint8Array): void {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isInner[node] === 0) continue;
    isInner[node] = 0;
    waiting.push(left[node] ?? 0, right[node] ?? 0);
  }
}

/** A heap of candidates: the least α first, and of equal ones the node that comes first. */
class LeastFirst {
  readonly #heap: Candidate[] = [];

  push(candidate: Candidate): void {
    const heap = this.#heap;
    let place = heap.push(candidate) - 1;
    while (place > 0) {
      const upper = (place - 1) >> 1;
      if (!this.#swapUnlessInOrder(upper, place)) return;
      place = upper;
    }
  }

  pop(): Candidate | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (heap.length === 0 || !last) return first;
    heap[0] = last;
    for (let place = 0; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const least = right < heap.length && isBefore(heap[right], heap[left]) ? right : left;
      if (least >= heap.length || !this.#swapUnlessInOrder(place, least)) return first;
      place = least;
    }
  }

  #swapUnlessInOrder(upper: number, lower: number): boolean {
    const heap = this.#heap;
    const [one, other] = [heap[upper], heap[lower]];
    if (!one || !other || !isBefore(other, one)) return false;
    heap[upper] = other;
    heap[lower] = one;
    return true;
  }
}

function isBefore(one: Candidate | undefined, other: Candidate | undefined): boolean {
  if (!one || !other) return false;
  return one.alpha < other.alpha || (one.alpha === other.alpha && one.node < other.node);
}
