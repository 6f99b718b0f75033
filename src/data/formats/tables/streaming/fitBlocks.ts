import type { ColumnCode } from '../../../preparation.ts';
import { partOf, type DatePart } from '../times/dates.ts';
import { categoryCode, dateCodes, numberCodes, type Fitting } from '../encodeColumns.ts';
import type { NumberStatistics } from '../statistics.ts';
import type { RowBlocks } from './rowBlocks.ts';
import type { StoredFeature } from './storedFeature.ts';

/** A number of each row whose mean and deviation are wanted: what a column has, or a part of its date. */
class Sums {
  readonly column: number;
  readonly part: DatePart | undefined;
  #sum = 0;
  #count = 0;
  #squares = 0;
  #mean = 0;

  constructor(column: number, part: DatePart | undefined) {
    this.column = column;
    this.part = part;
  }

  /** In the same order as in memory, so that the sums are the same to the last bit. */
  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.#sum += value;
    this.#count++;
  }

  beginDeviations(): void {
    this.#mean = this.#sum / this.#count;
  }

  addDeviation(value: number): void {
    if (!Number.isNaN(value)) this.#squares += (value - this.#mean) ** 2;
  }

  get statistics(): NumberStatistics {
    return { mean: this.#mean, std: Math.sqrt(this.#squares / this.#count), count: this.#count };
  }
}

/**
 * What the features become, by the rows of the training split: the file is read twice, once for means and categories and once for deviations.
 *
 * @param rows ascending
 */
export async function fitBlocks(
  blocks: RowBlocks,
  features: readonly StoredFeature[],
  rows: Int32Array,
  { scaled, isPlain }: Pick<Fitting, 'scaled' | 'isPlain'>,
): Promise<readonly ColumnCode[]> {
  const sums = features.flatMap(({ kind, dates }, column) => {
    if (kind === 'words') return [];
    return dates ? dates.parts.map((part) => new Sums(column, part)) : [new Sums(column, undefined)];
  });
  const present = features.map(() => new Set<number>());
  const words = [...features.keys()].filter((column) => features[column]?.kind === 'words');
  const pass = (take: (sum: Sums, value: number) => void, isFirst: boolean) =>
    eachRow(blocks, rows, (data, row) => {
      for (const sum of sums) {
        const value = data[sum.column]?.[row] ?? NaN;
        take(sum, sum.part === undefined ? value : partOf(value, sum.part));
      }
      if (isFirst) for (const column of words) present[column]?.add(data[column]?.[row] ?? 0);
    });
  await pass((sum, value) => {
    sum.add(value);
  }, true);
  for (const sum of sums) sum.beginDeviations();
  await pass((sum, value) => {
    sum.addDeviation(value);
  }, false);
  return features.flatMap(({ name, kind, dates, words: all, isLeftOut }, column): readonly ColumnCode[] => {
    if (isLeftOut) return [];
    const own = sums.filter((sum) => sum.column === column);
    if (dates) {
      return own.flatMap(({ part: is, statistics }) =>
        is === undefined ? [] : dateCodes({ of: name, is, form: dates.form }, statistics, scaled),
      );
    }
    if (kind === 'number') {
      return own.flatMap(({ statistics }) => numberCodes(name, statistics, rows.length, { scaled, isPlain }));
    }
    return [
      categoryCode(
        name,
        [...(present[column] ?? [])].map((code) => all[code] ?? ''),
      ),
    ];
  });
}

async function eachRow(
  blocks: RowBlocks,
  rows: Int32Array,
  take: (data: readonly (Float64Array | Int32Array)[], row: number) => void,
): Promise<void> {
  const size = blocks.layout.rows;
  for (let at = 0; at < rows.length;) {
    const block = Math.floor((rows[at] ?? 0) / size);
    const data = await blocks.read(block);
    for (; at < rows.length && Math.floor((rows[at] ?? 0) / size) === block; at++) {
      take(data, (rows[at] ?? 0) - block * size);
    }
  }
}
