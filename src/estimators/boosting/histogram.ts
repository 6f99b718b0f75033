import { IN_WORD, type BinnedFeatures } from './bins.ts';

/** Numbers of a bin: the sums of gradients and of second derivatives, and how many rows there are. */
const PARTS = 3;

/** Sums of a node's rows for every bin of every feature. */
export type Histogram = Float64Array;

/** The rows of a node, and their derivatives. */
export interface NodeDerivatives {
  /** Rows by place; the node has those from `start` to `end` − 1. */
  readonly order: Int32Array;
  readonly start: number;
  readonly end: number;
  /** By row. */
  readonly gradients: Float32Array;
  readonly curvatures: Float32Array;
}

export function newHistogram({ firstBins }: BinnedFeatures): Histogram {
  return new Float64Array((firstBins.at(-1) ?? 0) * PARTS);
}

/** Where the sums of a bin begin. */
export function placeOf({ firstBins }: BinnedFeatures, feature: number, bin: number): number {
  return ((firstBins[feature] ?? 0) + bin) * PARTS;
}

/** Fills histograms. It holds room for the derivatives of a node in the order of its rows. */
export class HistogramFiller {
  readonly #gradients: Float32Array;
  readonly #curvatures: Float32Array;

  constructor(rows: number) {
    this.#gradients = new Float32Array(rows);
    this.#curvatures = new Float32Array(rows);
  }

  fill(target: Histogram, features: BinnedFeatures, node: NodeDerivatives): void {
    target.fill(0);
    const { order, start, end } = node;
    const [gradients, curvatures] = [this.#gradients, this.#curvatures];
    for (let place = start; place < end; place++) {
      const row = order[place] ?? 0;
      gradients[place] = node.gradients[row] ?? 0;
      curvatures[place] = node.curvatures[row] ?? 0;
    }
    features.words.forEach((bins, word) => {
      const first = word * IN_WORD;
      const starts = [0, 1, 2, 3].map((feature) => placeOf(features, first + feature, 0));
      addRows(target, starts, bins, { order, start, end, gradients, curvatures });
    });
  }
}

/** The innermost loop of boosting, which adds the rows of a node to the histograms of four features. */
function addRows(target: Histogram, starts: readonly number[], words: Uint32Array, node: NodeDerivatives): void {
  const { order, start, end, gradients, curvatures } = node;
  const [first = 0, second = 0, third = 0, fourth = 0] = starts;
  for (let place = start; place < end; place++) {
    const word = words[order[place] ?? 0] ?? 0;
    const gradient = gradients[place] ?? 0;
    const curvature = curvatures[place] ?? 0;
    const a = first + (word & 255) * PARTS;
    target[a] = (target[a] ?? 0) + gradient;
    target[a + 1] = (target[a + 1] ?? 0) + curvature;
    target[a + 2] = (target[a + 2] ?? 0) + 1;
    const b = second + ((word >>> 8) & 255) * PARTS;
    target[b] = (target[b] ?? 0) + gradient;
    target[b + 1] = (target[b + 1] ?? 0) + curvature;
    target[b + 2] = (target[b + 2] ?? 0) + 1;
    const c = third + ((word >>> 16) & 255) * PARTS;
    target[c] = (target[c] ?? 0) + gradient;
    target[c + 1] = (target[c + 1] ?? 0) + curvature;
    target[c + 2] = (target[c + 2] ?? 0) + 1;
    const d = fourth + (word >>> 24) * PARTS;
    target[d] = (target[d] ?? 0) + gradient;
    target[d + 1] = (target[d + 1] ?? 0) + curvature;
    target[d + 2] = (target[d + 2] ?? 0) + 1;
  }
}

/** The histogram of one side of a split: that of the node less that of the other side. @param target may be either of them */
export function subtract(target: Histogram, whole: Histogram, part: Histogram): void {
  for (let index = 0; index < target.length; index++) target[index] = (whole[index] ?? 0) - (part[index] ?? 0);
}
