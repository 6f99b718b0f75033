import type { FitTargets } from '../fitData.ts';
import { thresholdBetween, type CodedFeature } from './codedFeature.ts';
import { purity, type Criterion } from './impurity.ts';

/** Rows of a node: places `start` … `end` − 1 of an order that the whole tree shares. */
export interface NodeRows {
  readonly order: Int32Array;
  readonly start: number;
  readonly end: number;
}

/** The best split of a node by one feature. */
export interface FoundSplit {
  readonly feature: number;
  readonly threshold: number;
  /** Rows whose code is no larger go left. */
  readonly code: number;
  /** Purity of both sides together; the larger, the better. */
  readonly purity: number;
}

/** Finds splits. It holds room for the sums of a node, which all its calls use anew. */
export class SplitFinder {
  readonly #features: readonly CodedFeature[];
  readonly #targets: FitTargets;
  readonly #criterion: Criterion;
  readonly #minLeaf: number;
  /** Sums by group of rows with equal codes. */
  readonly #weights: Float64Array;
  readonly #counts: Int32Array;
  readonly #sums: Float64Array;
  readonly #groupCodes: Int32Array;
  readonly #keys: Float64Array;
  readonly #left: Float64Array;
  readonly #right: Float64Array;

  constructor(features: readonly CodedFeature[], targets: FitTargets, criterion: Criterion, minLeaf: number) {
    const rows = targets.values.length / targets.width;
    const most = Math.min(
      Math.max(rows, 1) * CODES_PER_ROW,
      features.reduce((largest, { lowest }) => Math.max(largest, lowest.length), 1),
    );
    this.#features = features;
    this.#targets = targets;
    this.#criterion = criterion;
    this.#minLeaf = minLeaf;
    this.#weights = new Float64Array(most);
    this.#counts = new Int32Array(most);
    this.#sums = new Float64Array(most * targets.width);
    this.#groupCodes = new Int32Array(most);
    this.#keys = new Float64Array(rows);
    this.#left = new Float64Array(targets.width);
    this.#right = new Float64Array(targets.width);
  }

  /**
   * The best split of a node by a feature; undefined where none leaves enough rows on both sides, `'constant'` where all rows have the same
   * value.
   *
   * @param total weights and weighted targets of the node's rows
   */
  find(
    feature: number,
    rows: NodeRows,
    total: { readonly weight: number; readonly targets: Float64Array },
  ): FoundSplit | 'constant' | undefined {
    const coded = this.#features[feature];
    if (!coded) return undefined;
    const size = rows.end - rows.start;
    const groups = coded.lowest.length <= size * CODES_PER_ROW ? this.#count(coded, rows) : this.#sort(coded, rows);
    if (groups < 2) return 'constant';
    const { width } = this.#targets;
    const [left, right] = [this.#left, this.#right];
    left.fill(0);
    right.set(total.targets);
    let [leftWeight, leftRows] = [0, 0];
    let best = -Infinity;
    let bestGroup = -1;
    for (let group = 0; group < groups - 1; group++) {
      leftRows += this.#counts[group] ?? 0;
      leftWeight += this.#weights[group] ?? 0;
      for (let index = 0; index < width; index++) {
        const moved = this.#sums[group * width + index] ?? 0;
        left[index] = (left[index] ?? 0) + moved;
        right[index] = (right[index] ?? 0) - moved;
      }
      if (leftRows < this.#minLeaf || size - leftRows < this.#minLeaf) continue;
      const found =
        purity(this.#criterion, leftWeight, left) + purity(this.#criterion, total.weight - leftWeight, right);
      if (found > best) {
        best = found;
        bestGroup = group;
      }
    }
    if (bestGroup < 0) return undefined;
    const [code, next] = [this.#groupCodes[bestGroup] ?? 0, this.#groupCodes[bestGroup + 1] ?? 0];
    const threshold = thresholdBetween(coded.highest[code] ?? 0, coded.lowest[next] ?? 0);
    return { feature, threshold, code, purity: best };
  }

  /** Groups by a place for every code: good where there are about as many rows as codes. */
  #count({ codes, lowest }: CodedFeature, { order, start, end }: NodeRows): number {
    const { width, values, weights } = this.#targets;
    const size = lowest.length;
    const [counts, sums, groupWeights] = [this.#counts, this.#sums, this.#weights];
    counts.fill(0, 0, size);
    groupWeights.fill(0, 0, size);
    sums.fill(0, 0, size * width);
    for (let place = start; place < end; place++) {
      const row = order[place] ?? 0;
      const code = codes[row] ?? 0;
      const weight = weights ? (weights[row] ?? 0) : 1;
      counts[code] = (counts[code] ?? 0) + 1;
      groupWeights[code] = (groupWeights[code] ?? 0) + weight;
      for (let index = 0; index < width; index++) {
        const at = code * width + index;
        sums[at] = (sums[at] ?? 0) + weight * (values[row * width + index] ?? 0);
      }
    }
    let groups = 0;
    for (let code = 0; code < size; code++) {
      const count = counts[code] ?? 0;
      if (count === 0) continue;
      counts[groups] = count;
      groupWeights[groups] = groupWeights[code] ?? 0;
      this.#groupCodes[groups] = code;
      if (groups !== code) sums.copyWithin(groups * width, code * width, (code + 1) * width);
      groups++;
    }
    return groups;
  }

  /** Groups by sorting: good where there are few rows. */
  #sort({ codes }: CodedFeature, { order, start, end }: NodeRows): number {
    const { width, values, weights } = this.#targets;
    const size = end - start;
    const keys = this.#keys.subarray(0, size);
    for (let place = 0; place < size; place++) {
      // A code and a row in one number, which sorts natively and is exact below 2⁵³.
      const row = order[start + place] ?? 0;
      keys[place] = (codes[row] ?? 0) * KEY_ROWS + row;
    }
    keys.sort();
    let groups = -1;
    let last = -1;
    for (const key of keys) {
      const code = Math.floor(key / KEY_ROWS);
      const row = key - code * KEY_ROWS;
      if (code !== last) {
        last = code;
        groups++;
        this.#groupCodes[groups] = code;
        this.#counts[groups] = 0;
        this.#weights[groups] = 0;
        this.#sums.fill(0, groups * width, (groups + 1) * width);
      }
      const weight = weights ? (weights[row] ?? 0) : 1;
      this.#counts[groups] = (this.#counts[groups] ?? 0) + 1;
      this.#weights[groups] = (this.#weights[groups] ?? 0) + weight;
      for (let index = 0; index < width; index++) {
        const at = groups * width + index;
        this.#sums[at] = (this.#sums[at] ?? 0) + weight * (values[row * width + index] ?? 0);
      }
    }
    return groups + 1;
  }
}

/** As many codes for each row of a node can be counted before sorting its rows is faster. */
const CODES_PER_ROW = 4;
/** More rows than any dataset in memory has. */
const KEY_ROWS = 2 ** 32;
