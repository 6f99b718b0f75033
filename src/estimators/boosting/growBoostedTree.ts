import type { Tree } from '../tree/tree.ts';
import { IN_WORD, shiftOf, type BinnedFeatures } from './bins.ts';
import { newHistogram, HistogramFiller, placeOf, subtract, type Histogram } from './histogram.ts';

/** How large the trees of boosting are: scikit-learn's meanings and defaults. */
export interface BoostedTreeOptions {
  /** Most leaves. */
  readonly leaves: number;
  /** Most decisions from the root to a leaf; unlimited where left out. */
  readonly depth?: number | undefined;
  /** Fewest rows of a leaf. */
  readonly minLeaf: number;
  /** Added to the second derivatives of a leaf. */
  readonly l2: number;
  /** What leaves are multiplied by. */
  readonly learningRate: number;
}

/** A tree, and the rows of each of its leaves: places of an order. */
export interface BoostedTree {
  readonly tree: Tree;
  readonly leaves: readonly { readonly node: number; readonly start: number; readonly end: number }[];
}

/** Least sum of second derivatives on either side of a split. */
const LEAST_CURVATURE = 1e-3;

interface Sums {
  readonly gradient: number;
  readonly curvature: number;
}

interface Split {
  readonly feature: number;
  readonly bin: number;
  readonly gain: number;
  readonly left: Sums;
  readonly right: Sums;
}

interface Open {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly sums: Sums;
  readonly histogram: Histogram;
  readonly split: Split | undefined;
}

/** Grows the trees of boosting, one after another, on the same rows. It keeps the room that they need. */
export class BoostedTreeGrower {
  readonly #features: BinnedFeatures;
  readonly #options: BoostedTreeOptions;
  readonly #filler: HistogramFiller;
  readonly #buffer: Int32Array;
  readonly #spare: Histogram[] = [];
  /** Rows by the leaf of the last tree. */
  readonly order: Int32Array;

  constructor(features: BinnedFeatures, rows: number, options: BoostedTreeOptions) {
    this.#options = options;
    this.#filler = new HistogramFiller(features, rows);
    this.#features = this.#filler.features;
    this.#buffer = new Int32Array(rows);
    this.order = this.#filler.order;
  }

  /**
   * Grows a tree, leaf by leaf, always the one that helps most, on the first and second derivatives of the loss of every row; each leaf gives
   * the Newton step −G / (H + λ), times the learning rate (Friedman 2001; Ke et al. 2017 for histograms).
   */
  grow(gradients: Float32Array, curvatures: Float32Array): BoostedTree {
    const { leaves: mostLeaves, learningRate, l2 } = this.#options;
    const nodes: { feature: number; threshold: number; left: number; right: number; value: number; rows: number }[] =
      [];
    const add = ({ gradient, curvature }: Sums, rows: number): number => {
      const value = curvature + l2 > 0 ? (-learningRate * gradient) / (curvature + l2) : 0;
      return nodes.push({ feature: -1, threshold: 0, left: -1, right: -1, value, rows }) - 1;
    };
    // In their own order rows are read one after another, which is several times as fast as in that of the leaves of the tree before.
    for (let row = 0; row < this.order.length; row++) this.order[row] = row;
    const derivatives = { gradients, curvatures };
    const histogram = this.#newHistogram();
    this.#filler.fill(histogram, { ...derivatives, start: 0, end: this.order.length });
    const sums = this.#sumsOf(histogram);
    const root = { node: add(sums, this.order.length), start: 0, end: this.order.length, depth: 0, sums, histogram };
    const open: Open[] = [{ ...root, split: this.#findSplit(root) }];
    while (open.length < mostLeaves) {
      const best = bestOf(open);
      const leaf = best === undefined ? undefined : open[best];
      if (best === undefined || !leaf?.split) break;
      const { start, end, split, depth } = leaf;
      const middle = this.#divide(start, end, split);
      const [left, right] = [add(split.left, middle - start), add(split.right, end - middle)];
      Object.assign(nodes[leaf.node] ?? {}, {
        feature: split.feature,
        threshold: this.#features.bounds[split.feature]?.[split.bin] ?? 0,
        left,
        right,
      });
      const [small, large] = [this.#newHistogram(), leaf.histogram];
      const isLeftSmall = middle - start <= end - middle;
      const [from, to] = isLeftSmall ? [start, middle] : [middle, end];
      const isLast = open.length + 1 >= mostLeaves;
      if (!isLast) {
        this.#filler.fill(small, { ...derivatives, start: from, end: to });
        subtract(large, large, small);
      }
      const consider = (below: Omit<Open, 'split'>): Open => ({
        ...below,
        split: isLast ? undefined : this.#findSplit(below),
      });
      const [ofLeft, ofRight] = isLeftSmall ? [small, large] : [large, small];
      open.splice(
        best,
        1,
        consider({ node: left, start, end: middle, depth: depth + 1, sums: split.left, histogram: ofLeft }),
        consider({ node: right, start: middle, end, depth: depth + 1, sums: split.right, histogram: ofRight }),
      );
    }
    for (const leaf of open) this.#spare.push(leaf.histogram);
    return {
      tree: {
        feature: Int32Array.from(nodes, ({ feature }) => feature),
        threshold: Float32Array.from(nodes, ({ threshold }) => threshold),
        left: Int32Array.from(nodes, ({ left }) => left),
        right: Int32Array.from(nodes, ({ right }) => right),
        width: 1,
        values: Float64Array.from(nodes, ({ value }) => value),
        rows: Int32Array.from(nodes, ({ rows }) => rows),
        weight: Float64Array.from(nodes, ({ rows }) => rows),
        impurity: new Float64Array(nodes.length),
      },
      leaves: open.map(({ node, start, end }) => ({ node, start, end })),
    };
  }

  #newHistogram(): Histogram {
    return this.#spare.pop() ?? newHistogram(this.#features);
  }

  #sumsOf(histogram: Histogram): Sums {
    let [gradient, curvature] = [0, 0];
    const bins = (this.#features.bounds[0]?.length ?? 0) + 1;
    for (let bin = 0; bin < bins; bin++) {
      gradient += histogram[placeOf(this.#features, 0, bin)] ?? 0;
      curvature += histogram[placeOf(this.#features, 0, bin) + 1] ?? 0;
    }
    return { gradient, curvature };
  }

  #findSplit({ histogram, sums, start, end, depth }: Omit<Open, 'split'>): Split | undefined {
    const { minLeaf, l2, depth: mostDepth = Infinity } = this.#options;
    const count = end - start;
    if (depth >= mostDepth || count < 2 * minLeaf) return undefined;
    const helps = (gradient: number, curvature: number): number => (gradient * gradient) / (curvature + l2);
    const before = helps(sums.gradient, sums.curvature);
    let best: { feature: number; bin: number; gain: number; gradient: number; curvature: number } | undefined;
    for (let feature = 0; feature < this.#features.bounds.length; feature++) {
      const bins = this.#features.bounds[feature]?.length ?? 0;
      let [gradient, curvature, rows] = [0, 0, 0];
      for (let bin = 0; bin < bins; bin++) {
        const at = placeOf(this.#features, feature, bin);
        const inBin = histogram[at + 2] ?? 0;
        if (inBin === 0) continue;
        gradient += histogram[at] ?? 0;
        curvature += histogram[at + 1] ?? 0;
        rows += inBin;
        if (rows < minLeaf || curvature < LEAST_CURVATURE) continue;
        if (count - rows < minLeaf || sums.curvature - curvature < LEAST_CURVATURE) break;
        const gain = helps(gradient, curvature) + helps(sums.gradient - gradient, sums.curvature - curvature) - before;
        if (gain > (best?.gain ?? LEAST_GAIN)) best = { feature, bin, gain, gradient, curvature };
      }
    }
    if (!best) return undefined;
    const { feature, bin, gain, gradient, curvature } = best;
    const right = { gradient: sums.gradient - gradient, curvature: sums.curvature - curvature };
    return { feature, bin, gain, left: { gradient, curvature }, right };
  }

  /** Puts the rows that go left before those that go right, each in the order that they had. */
  #divide(start: number, end: number, { feature, bin }: Split): number {
    const { order } = this;
    const words = this.#features.words[Math.floor(feature / IN_WORD)] ?? new Uint32Array(0);
    const shift = shiftOf(feature);
    let [left, right] = [start, 0];
    for (let place = start; place < end; place++) {
      const row = order[place] ?? 0;
      if ((((words[row] ?? 0) >>> shift) & 255) <= bin) order[left++] = row;
      else this.#buffer[right++] = row;
    }
    order.set(this.#buffer.subarray(0, right), left);
    return left;
  }
}

/** Gains that are float error. */
const LEAST_GAIN = 1e-12;

function bestOf(open: readonly Open[]): number | undefined {
  let best: number | undefined;
  open.forEach(({ split }, index) => {
    if (split && split.gain > (best === undefined ? 0 : (open[best]?.split?.gain ?? 0))) best = index;
  });
  return best;
}
