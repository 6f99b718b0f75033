import type { Random } from '../../data/random.ts';
import type { FitTargets, FitWatch } from '../fitData.ts';
import type { CodedFeature } from './codedFeature.ts';
import { SplitFinder, type FoundSplit } from './findSplit.ts';
import { purity, purityOfRow, type Criterion } from './impurity.ts';
import type { Tree } from './tree.ts';

/** How large a tree may become, and by what it is grown: scikit-learn's meanings and defaults. */
export interface GrowOptions {
  readonly criterion: Criterion;
  /** Most decisions from the root to a leaf; unlimited where left out. */
  readonly depth?: number | undefined;
  /** Most leaves; the splits that help most are made first then. Unlimited where left out. */
  readonly leaves?: number | undefined;
  /** Fewest rows of a leaf. */
  readonly minLeaf: number;
  /** Features that are looked at for a split, drawn anew for each; all where left out. */
  readonly features?: number | undefined;
}

/** A node that may be split further. */
interface Open {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly split: FoundSplit;
  /** How much the split makes the whole tree's impurity smaller. */
  readonly gain: number;
}

/** Rows that are looked at between two pauses. */
const ROWS_PER_PAUSE = 1_000_000;
/** Impurity that is float error. */
const PURE = 1e-12;

/**
 * Grows a classification and regression tree (CART; Breiman et al. 1984) on rows whose weight is above 0. Every leaf gives the weighted mean
 * of its rows' targets.
 *
 * @param random draws the features of each split, where not all are looked at
 * @throws DistilleryError `CANCELLED` when the watch says so
 */
export async function growTree(
  features: readonly CodedFeature[],
  targets: FitTargets,
  options: GrowOptions,
  random: Random,
  pause: FitWatch['pause'],
): Promise<Tree> {
  const { minLeaf, depth: mostDepth = Infinity, leaves: mostLeaves = Infinity } = options;
  const { values, width, weights } = targets;
  // Numbers have no entropy.
  const criterion = targets.kind === 'numbers' ? 'gini' : options.criterion;
  const rowCount = values.length / width;
  const order = Int32Array.from({ length: rowCount }, (_, row) => row).filter((row) => (weights?.[row] ?? 1) > 0);
  const buffer = new Int32Array(order.length);
  const finder = new SplitFinder(features, targets, criterion, minLeaf);
  const drawn = Int32Array.from({ length: features.length }, (_, feature) => feature);
  const grown = new GrownNodes(width);
  const open: Open[] = [];
  let looked = 0;

  const consider = (start: number, end: number, depth: number): number => {
    const total = { weight: 0, targets: new Float64Array(width) };
    let fixed = 0;
    for (let place = start; place < end; place++) {
      const row = order[place] ?? 0;
      const weight = weights?.[row] ?? 1;
      total.weight += weight;
      fixed += weight * purityOfRow(criterion, values, row * width, width);
      for (let index = 0; index < width; index++) {
        total.targets[index] = (total.targets[index] ?? 0) + weight * (values[row * width + index] ?? 0);
      }
    }
    const ofNode = purity(criterion, total.weight, total.targets);
    const impurity = Math.max(0, (fixed - ofNode) / total.weight);
    const node = grown.add(total, end - start, impurity);
    if (depth >= mostDepth || end - start < 2 * minLeaf || end - start < 2 || impurity <= PURE) return node;
    const split = bestSplit(finder, { order, start, end }, total, { drawn, wanted: options.features, random });
    looked += (end - start) * (options.features ?? features.length);
    if (split) open.push({ node, start, end, depth, split, gain: split.purity - ofNode });
    return node;
  };

  consider(0, order.length, 0);
  let leaves = 1;
  while (open.length > 0 && leaves < mostLeaves) {
    const next = mostLeaves === Infinity ? open.pop() : takeBest(open);
    if (!next) break;
    const { node, start, end, depth, split } = next;
    const middle = divide(order, buffer, { start, end }, features[split.feature]?.codes, split.code);
    const left = consider(start, middle, depth + 1);
    const right = consider(middle, end, depth + 1);
    grown.split(node, split, left, right);
    leaves++;
    if (looked > ROWS_PER_PAUSE) {
      looked = 0;
      await pause();
    }
  }
  return grown.tree();
}

interface Drawing {
  /** All features, in the order in which they were drawn last. */
  readonly drawn: Int32Array;
  readonly wanted: number | undefined;
  readonly random: Random;
}

/** The best split by any of the features that are looked at; features whose values are all alike count for none. */
function bestSplit(
  finder: SplitFinder,
  rows: Parameters<SplitFinder['find']>[1],
  total: Parameters<SplitFinder['find']>[2],
  { drawn, wanted = drawn.length, random }: Drawing,
): FoundSplit | undefined {
  let best: FoundSplit | undefined;
  let looked = 0;
  for (let place = 0; place < drawn.length && (looked < wanted || !best); place++) {
    if (wanted < drawn.length) {
      const other = place + random.integer(drawn.length - place);
      const kept = drawn[place] ?? 0;
      drawn[place] = drawn[other] ?? 0;
      drawn[other] = kept;
    }
    const found = finder.find(drawn[place] ?? 0, rows, total);
    if (found === 'constant') continue;
    looked++;
    if (found && (!best || found.purity > best.purity)) best = found;
  }
  return best;
}

/** Puts the rows that go left before those that go right, each in the order that they had. */
function divide(
  order: Int32Array,
  buffer: Int32Array,
  { start, end }: { readonly start: number; readonly end: number },
  codes: Uint16Array | undefined,
  last: number,
): number {
  let [left, right] = [start, 0];
  for (let place = start; place < end; place++) {
    const row = order[place] ?? 0;
    if ((codes?.[row] ?? 0) <= last) order[left++] = row;
    else buffer[right++] = row;
  }
  order.set(buffer.subarray(0, right), left);
  return left;
}

function takeBest(open: Open[]): Open | undefined {
  let best = 0;
  open.forEach(({ gain }, index) => {
    if (gain > (open[best]?.gain ?? -Infinity)) best = index;
  });
  return open.splice(best, 1)[0];
}

/** The nodes of a tree while it grows. */
class GrownNodes {
  readonly #width: number;
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #values: number[] = [];
  readonly #rows: number[] = [];
  readonly #weight: number[] = [];
  readonly #impurity: number[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** Adds a leaf and returns its number. */
  add({ weight, targets }: { weight: number; targets: Float64Array }, rows: number, impurity: number): number {
    this.#feature.push(-1);
    this.#threshold.push(0);
    this.#left.push(-1);
    this.#right.push(-1);
    for (const sum of targets) this.#values.push(sum / weight);
    this.#rows.push(rows);
    this.#weight.push(weight);
    this.#impurity.push(impurity);
    return this.#feature.length - 1;
  }

  split(node: number, { feature, threshold }: FoundSplit, left: number, right: number): void {
    this.#feature[node] = feature;
    this.#threshold[node] = threshold;
    this.#left[node] = left;
    this.#right[node] = right;
  }

  tree(): Tree {
    return {
      feature: Int32Array.from(this.#feature),
      threshold: Float32Array.from(this.#threshold),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      width: this.#width,
      values: Float64Array.from(this.#values),
      rows: Int32Array.from(this.#rows),
      weight: Float64Array.from(this.#weight),
      impurity: Float64Array.from(this.#impurity),
    };
  }
}
