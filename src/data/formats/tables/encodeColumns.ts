import { DistilleryError } from '../../../errors.ts';
import type { Split } from '../../samples/split.ts';
import type { ColumnCode } from '../../preparation.ts';
import type { Targets } from '../../targets.ts';
import type { Column, NumberColumn, Table, WordColumn } from './column.ts';
import { isMissing } from './reading/parseNumber.ts';
import { meanAndDeviation } from './statistics.ts';

/**
 * Finds out what a column becomes from the rows of the training split: its mean and standard deviation, or its categories.
 *
 * @param scaled whether numbers are brought to mean 0 and deviation 1
 */
export function fitColumn(column: Column, rows: Int32Array, scaled: boolean): ColumnCode {
  return column.kind === 'number' ? fitNumbers(column, rows, scaled) : fitCategories(column, rows);
}

function fitNumbers({ name, values }: NumberColumn, rows: Int32Array, scaled: boolean): ColumnCode {
  const { mean, std, count } = meanAndDeviation(values, { offset: 0, width: 1 }, rows);
  const fill = count === 0 ? 0 : mean;
  if (!scaled) return { name, kind: 'number', mean: 0, std: 1, fill };
  return { name, kind: 'number', mean: fill, std: std > 0 ? std : 1, fill };
}

function fitCategories({ name, words, codes }: WordColumn, rows: Int32Array): ColumnCode {
  const present = new Set<number>();
  for (const row of rows) present.add(codes[row] ?? 0);
  const found = [...present].map((code) => words[code] ?? '');
  const categories = [...new Set(found.filter((word) => !isMissing(word)).map((word) => word.trim()))].sort();
  return { name, kind: 'category', categories, missing: found.some(isMissing) };
}

/** How many values a column becomes. */
export function widthOf(code: ColumnCode): number {
  if (code.kind === 'number') return 1;
  return isBoolean(code) ? 1 : code.categories.length + (code.missing ? 1 : 0);
}

function isBoolean(code: ColumnCode): boolean {
  return code.kind === 'category' && code.categories.length === 2 && !code.missing;
}

/** The rows of a table as samples; nothing is stored twice. */
export class TableSplit implements Split {
  readonly count: number;
  readonly targets: Targets;
  readonly #numbers: readonly { values: Float64Array; at: number; mean: number; std: number; fill: number }[];
  readonly #categories: readonly { codes: Int32Array; offsets: Int32Array; at: number }[];
  readonly #width: number;

  /** @param table has the columns of `codes` by name */
  constructor(table: Table, codes: readonly ColumnCode[], targets: Targets) {
    this.count = table.count;
    this.targets = targets;
    const numbers: { values: Float64Array; at: number; mean: number; std: number; fill: number }[] = [];
    const categories: { codes: Int32Array; offsets: Int32Array; at: number }[] = [];
    let at = 0;
    for (const code of codes) {
      const column = table.columns.find(({ name }) => name === code.name);
      if (code.kind === 'number' && column?.kind === 'number') numbers.push({ ...code, values: column.values, at });
      if (code.kind === 'category' && column?.kind === 'words') {
        categories.push({ codes: column.codes, offsets: categoryOffsets(code, column), at });
      }
      at += widthOf(code);
    }
    this.#numbers = numbers;
    this.#categories = categories;
    this.#width = at;
  }

  read(indices: ArrayLike<number>, target: Float32Array): Promise<void> {
    return new Promise((resolve) => {
      this.#write(indices, target);
      resolve();
    });
  }

  #write(indices: ArrayLike<number>, target: Float32Array): void {
    const width = this.#width;
    if (target.length !== indices.length * width) {
      throw new DistilleryError('INTERNAL', `${indices.length} rows of ${width} do not fill ${target.length} values.`);
    }
    target.fill(0);
    for (let sample = 0; sample < indices.length; sample++) {
      const row = indices[sample] ?? -1;
      if (!(row >= 0 && row < this.count)) throw new DistilleryError('INTERNAL', `There is no sample ${row}.`);
      const start = sample * width;
      for (const { values, at, mean, std, fill } of this.#numbers) {
        const value = values[row] ?? NaN;
        target[start + at] = ((Number.isNaN(value) ? fill : value) - mean) / std;
      }
      for (const { codes, offsets, at } of this.#categories) {
        const offset = offsets[codes[row] ?? 0] ?? -1;
        if (offset >= 0) target[start + at + offset] = 1;
      }
    }
  }
}

/** For every word of a column the value that becomes 1; −1 where none does. */
function categoryOffsets(code: ColumnCode & { readonly kind: 'category' }, { words }: WordColumn): Int32Array {
  const { categories, missing } = code;
  const indexOf = new Map(categories.map((category, index) => [category, index]));
  return Int32Array.from(words, (word) => {
    if (isMissing(word)) return missing ? categories.length : -1;
    const index = indexOf.get(word.trim()) ?? -1;
    return isBoolean(code) ? index - 1 : index;
  });
}
