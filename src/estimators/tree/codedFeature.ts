import type { Rows } from '../fitData.ts';

/** Most codes of a feature; of more distinct values, neighbours share one. */
const MOST_CODES = 65_536;

/** A feature whose values are replaced by their places in their order, so that equal values are equal codes. */
export interface CodedFeature {
  /** Of every row. */
  readonly codes: Uint16Array;
  /** The smallest and the largest value that has each code; they differ only where neighbours share one. */
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
}

/** Codes every feature of the rows. */
export function codeFeatures(rows: Rows): readonly CodedFeature[] {
  return Array.from({ length: rows.features }, (_, feature) => codeFeature(rows, feature));
}

function codeFeature({ values, count, features }: Rows, feature: number): CodedFeature {
  const column = new Float32Array(count);
  for (let row = 0; row < count; row++) column[row] = values[row * features + feature] ?? 0;
  const sorted = column.slice().sort();
  let distinct = 0;
  for (let index = 0; index < count; index++) {
    const value = sorted[index] ?? 0;
    if (distinct === 0 || value !== sorted[distinct - 1]) sorted[distinct++] = value;
  }
  const shared = Math.ceil(distinct / MOST_CODES);
  const size = Math.ceil(distinct / shared);
  const lowest = Float32Array.from({ length: size }, (_, code) => sorted[code * shared] ?? 0);
  const highest = Float32Array.from(
    { length: size },
    (_, code) => sorted[Math.min(distinct, (code + 1) * shared) - 1] ?? 0,
  );
  const codes = new Uint16Array(count);
  for (let row = 0; row < count; row++) codes[row] = placeIn(highest, column[row] ?? 0);
  return { codes, lowest, highest };
}

/** The first place of an ascending list whose value is no smaller; the last place where all are. */
function placeIn(ascending: Float32Array, value: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A threshold between two neighbouring values as a node compares with it, in float32: `left <= threshold < right`. It is their middle where
 * float32 has a number between them.
 */
export function thresholdBetween(left: number, right: number): number {
  const middle = Math.fround(left / 2 + right / 2);
  return middle < right ? middle : left;
}
