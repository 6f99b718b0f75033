import type { Random } from '../../random.ts';
import type { SynthesizeOptions } from '../../dataset.ts';

/** Values of a row that belong to one column of a table; those of a category are taken together, as they are. */
export interface ColumnRange {
  readonly at: number;
  readonly width: number;
  readonly kind: 'number' | 'category';
}

/** Rows of numbers, [count, width]. */
export interface Rows {
  readonly values: Float32Array;
  readonly count: number;
  readonly width: number;
}

/** Rows at most among which a neighbour is looked for; of more a random share stands for all. */
const MOST_CANDIDATES = 4096;
/** Rows after which `onRow` is asked whether to go on. */
const CHECK_EVERY = 64;

/**
 * Makes rows from rows (MUNGE: Buciluǎ, Caruana & Niculescu-Mizil, "Model compression", KDD 2006). A new row is one of those given, in which
 * every column is with probability `swap` taken from its nearest neighbour e': a category as it is, a number drawn from the normal
 * distribution with mean e'_a and deviation |e_a − e'_a| / `spread`. So columns are drawn given all others, and what rows have in common
 * stays. There two rows exchange values; here each new row is made for itself, which gives it the same distribution.
 *
 * @param rows numbers at mean 0 and deviation 1, categories as 0 and 1: what distances are measured in
 * @param onRows called now and then, to stop by throwing
 * @returns [options.rows, width]
 */
export async function munge(
  rows: Rows,
  columns: readonly ColumnRange[],
  options: Pick<SynthesizeOptions, 'rows' | 'swap' | 'spread'>,
  random: Random,
  onRows: () => Promise<void>,
): Promise<Float32Array> {
  const { values, count, width } = rows;
  const candidates = random.shuffle(Array.from({ length: count }, (_, row) => row)).slice(0, MOST_CANDIDATES);
  const neighbours = new Map<number, number>();
  const made = new Float32Array(options.rows * width);
  let order: number[] = [];
  for (let row = 0; row < options.rows; row++) {
    if (row % CHECK_EVERY === 0) await onRows();
    if (order.length === 0) order = random.shuffle(Array.from({ length: count }, (_, index) => index));
    const source = order.pop() ?? 0;
    const neighbour = neighbours.get(source) ?? nearest(rows, source, candidates);
    neighbours.set(source, neighbour);
    const own = values.subarray(source * width, (source + 1) * width);
    const other = values.subarray(neighbour * width, (neighbour + 1) * width);
    const target = made.subarray(row * width, (row + 1) * width);
    target.set(own);
    for (const { at, width: columnWidth, kind } of columns) {
      if (random.uniform() >= options.swap) continue;
      if (kind === 'category') target.set(other.subarray(at, at + columnWidth), at);
      else {
        const [from = 0, to = 0] = [own[at], other[at]];
        target[at] = random.normal(to, Math.abs(from - to) / options.spread);
      }
    }
  }
  return made;
}

/** The nearest of `candidates` to a row, itself aside; the row itself where there is no other. */
function nearest({ values, width }: Rows, row: number, candidates: readonly number[]): number {
  const start = row * width;
  let best = row;
  let least = Infinity;
  for (const candidate of candidates) {
    if (candidate === row) continue;
    const other = candidate * width;
    let distance = 0;
    for (let at = 0; at < width && distance < least; at++) {
      const difference = (values[start + at] ?? 0) - (values[other + at] ?? 0);
      distance += difference * difference;
    }
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}
