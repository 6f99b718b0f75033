import { randomStream } from '../../data/random.ts';
import type { Rows } from '../fitData.ts';
import { thresholdBetween } from '../tree/codedFeature.ts';

/** Bins of a feature, at most: each is a byte. */
const MOST_BINS = 255;

/** Rows that the bounds of bins are found in, at most. */
const MOST_ROWS = 200_000;

/** Features whose bins stand in one word: a histogram of four is filled three to four times as fast as four of one. */
export const IN_WORD = 4;

/** Features in bins of about as many rows each. */
export interface BinnedFeatures {
  /** For every four features the bins of every row, a byte for each, the lowest first. */
  readonly words: readonly Uint32Array[];
  /** For every feature: values of bin b are no larger than `bounds[b]`; the last bin has none. */
  readonly bounds: readonly Float32Array[];
  /** For every feature its first bin among those of all; the last is the number of all. Features that fill up the last word have a bin, too. */
  readonly firstBins: Int32Array;
}

/**
 * Divides the values of every feature into at most 255 bins: one for each value where there are few, else between percentiles.
 * @param pause is awaited after each feature
 */
export async function binFeatures(rows: Rows, pause: () => Promise<void>): Promise<BinnedFeatures> {
  const sample = sampleRows(rows.count);
  const bounds: Float32Array[] = [];
  for (let feature = 0; feature < rows.features; feature++) {
    bounds.push(boundsOf(columnOf(rows, feature, sample)));
    await pause();
  }
  const words: Uint32Array[] = [];
  for (let first = 0; first < rows.features; first += IN_WORD) {
    const finders = bounds.slice(first, first + IN_WORD).map((each) => new BinFinder(each));
    words.push(binsOf(rows, first, finders));
    await pause();
  }
  const firstBins = new Int32Array(words.length * IN_WORD + 1);
  for (let feature = 0; feature < firstBins.length - 1; feature++) {
    firstBins[feature + 1] = (firstBins[feature] ?? 0) + (bounds[feature]?.length ?? 0) + 1;
  }
  return { words, bounds, firstBins };
}

/** Rows spread at random; all of them where there are few. */
function sampleRows(count: number): Int32Array {
  const all = Int32Array.from({ length: count }, (_, row) => row);
  if (count <= MOST_ROWS) return all;
  // In order, rows are read several times as fast.
  return randomStream(0, 'rows for bins').shuffle(all).slice(0, MOST_ROWS).sort();
}

function columnOf({ values, features }: Rows, feature: number, sample: Int32Array): Float32Array {
  const column = new Float32Array(sample.length);
  for (let index = 0; index < sample.length; index++) {
    column[index] = values[(sample[index] ?? 0) * features + feature] ?? 0;
  }
  return column.sort();
}

function boundsOf(sorted: Float32Array): Float32Array {
  const distinct = sorted.filter((value, index) => index === 0 || value !== sorted[index - 1]);
  const bounds: number[] = [];
  if (distinct.length <= MOST_BINS) {
    for (let index = 0; index + 1 < distinct.length; index++) {
      bounds.push(thresholdBetween(distinct[index] ?? 0, distinct[index + 1] ?? 0));
    }
    return Float32Array.from(bounds);
  }
  for (let bin = 1; bin < MOST_BINS; bin++) {
    const place = (bin / MOST_BINS) * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
    const bound = Math.fround(below / 2 + above / 2);
    if (bounds.length === 0 || bound > (bounds.at(-1) ?? 0)) bounds.push(bound);
  }
  return Float32Array.from(bounds);
}

/** Where the bin of a feature stands in its word. */
export function shiftOf(feature: number): number {
  return 8 * (feature % IN_WORD);
}

/** The bins of every row for the features from `first` on. */
function binsOf({ values, features, count }: Rows, first: number, finders: readonly BinFinder[]): Uint32Array {
  const words = new Uint32Array(count);
  for (let row = 0, start = first; row < count; row++, start += features) {
    let word = 0;
    for (let index = 0; index < finders.length; index++) {
      word |= (finders[index]?.find(values[start + index] ?? 0) ?? 0) << (8 * index);
    }
    words[row] = word;
  }
  return words;
}

/** Cells of equal width that the values of a feature are looked up in. */
const CELLS = 4096;
/** With more bounds than these in a cell they are halved until few are left. */
const FEW_BOUNDS = 4;

/** Finds the bin of a value: how many bounds are below it. In a table of cells the search has mostly been done. */
class BinFinder {
  readonly #bounds: Float32Array;
  readonly #lowest: number;
  readonly #scale: number;
  /** For every cell how many bounds are in those before it. */
  readonly #before = new Uint8Array(CELLS + 1);

  constructor(bounds: Float32Array) {
    this.#bounds = bounds;
    this.#lowest = bounds[0] ?? 0;
    const width = (bounds.at(-1) ?? 0) - this.#lowest;
    this.#scale = width > 0 && Number.isFinite(width) ? (CELLS - 1) / width : 0;
    let bound = 0;
    for (let cell = 0; cell < this.#before.length; cell++) {
      while (bound < bounds.length && this.#cellOf(bounds[bound] ?? 0) < cell) bound++;
      this.#before[cell] = bound;
    }
  }

  find(value: number): number {
    const bounds = this.#bounds;
    const cell = this.#cellOf(value);
    let bin = this.#before[cell] ?? 0;
    let end = this.#before[cell + 1] ?? 0;
    while (end - bin > FEW_BOUNDS) {
      const middle = (bin + end) >>> 1;
      if ((bounds[middle] ?? 0) < value) bin = middle + 1;
      else end = middle;
    }
    while (bin < end && (bounds[bin] ?? 0) < value) bin++;
    return bin;
  }

  /** It never falls as values rise, so that bounds of earlier cells are below a value and those of later ones above it. */
  #cellOf(value: number): number {
    const place = (value - this.#lowest) * this.#scale;
    return place >= CELLS - 1 ? CELLS - 1 : place > 0 ? Math.trunc(place) : 0;
  }
}
