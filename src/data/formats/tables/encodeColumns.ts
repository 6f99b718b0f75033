import { DistilleryError } from '../../../errors.ts';
import type { Split } from '../../samples/split.ts';
import type { ColumnCode } from '../../preparation.ts';
import type { Targets } from '../../targets.ts';
import type { Column, Table, WordColumn } from './column.ts';
import { dateFormOf, momentOf, partOf, type DateForm, type DatePart } from './times/dates.ts';
import type { DateColumns } from './times/datesAsFeatures.ts';
import { isMissing, isMissingWord } from './numbers/parseNumber.ts';
import { meanAndDeviation, type NumberStatistics } from './statistics.ts';

/** A column by itself. */
const WHOLE = { offset: 0, width: 1 } as const;
/** Parts of dates that hardly differ are the same in every row, but for rounding. */
const LEAST_DEVIATION = 1e-9;
/** Rows without a value from which on a value of the sample says where there is none. */
export const LEAST_MISSING = 5;

/** How the columns of a table become numbers. */
export interface Fitting {
  /** Whether numbers are brought to mean 0 and deviation 1. */
  readonly scaled: boolean;
  /** Columns of words that hold dates, and what of them becomes numbers. */
  readonly dates: DateColumns;
  /** Whether a column is one number and no more, as a teacher takes it. */
  readonly isPlain: boolean;
}

/**
 * Finds out what a column becomes from the rows of the training split: its mean and standard deviation, or its categories, or the parts of its dates. A number that
 * is missing often is followed by one that says so.
 */
export function fitColumns(column: Column, rows: Int32Array, fitting: Fitting): readonly ColumnCode[] {
  if (column.kind === 'words') {
    const parts = fitting.dates.get(column);
    return parts ? fitDates(column, rows, parts, fitting.scaled) : [fitCategories(column, rows)];
  }
  return numberCodes(column.name, meanAndDeviation(column.values, WHOLE, rows), rows.length, fitting);
}

/** What numbers become of which the training split, of so many rows, says this. */
export function numberCodes(
  name: string,
  statistics: NumberStatistics,
  rows: number,
  { scaled, isPlain }: Pick<Fitting, 'scaled' | 'isPlain'>,
): readonly ColumnCode[] {
  const code = numberCode(name, statistics, scaled);
  const isFlagged = !isPlain && rows - statistics.count >= LEAST_MISSING;
  const part = { of: name, is: 'missing' } as const;
  const flag: ColumnCode = { name: `${name}.missing`, kind: 'number', part, mean: 0, std: 1, fill: 0 };
  return isFlagged ? [code, flag] : [code];
}

/** What a column becomes that is one number, or categories. */
export function fitColumn(column: Column, rows: Int32Array, { scaled }: Pick<Fitting, 'scaled'>): ColumnCode {
  return column.kind === 'number'
    ? numberCode(column.name, meanAndDeviation(column.values, WHOLE, rows), scaled)
    : fitCategories(column, rows);
}

/** The parts of dates that differ from row to row. */
function fitDates(
  column: WordColumn,
  rows: Int32Array,
  parts: readonly DatePart[],
  scaled: boolean,
): readonly ColumnCode[] {
  const form = dateFormOf(column.words.filter((word) => !isMissing(word)));
  if (!form) throw new DistilleryError('INTERNAL', `The column '${column.name}' holds words that are no dates.`);
  return parts.flatMap((is) => {
    const ofWord = partOfWords(column.words, form, is);
    const values = Float64Array.from(column.codes, (code) => ofWord[code] ?? NaN);
    return dateCodes({ of: column.name, is, form }, meanAndDeviation(values, WHOLE, rows), scaled);
  });
}

/** What a part of dates becomes of which the training split says this: nothing where it is the same in every row. */
export function dateCodes(
  { of, is, form }: { readonly of: string; readonly is: DatePart; readonly form: DateForm },
  { mean, std }: NumberStatistics,
  scaled: boolean,
): readonly ColumnCode[] {
  if (!(std > LEAST_DEVIATION)) return [];
  const part = { of, is, ...(form.dayFirst && { dayFirst: true }) };
  return [{ name: `${of}.${is}`, kind: 'number', part, mean: scaled ? mean : 0, std: scaled ? std : 1, fill: mean }];
}

/** A part of the date that each word is; NaN where it is none. */
function partOfWords(words: readonly string[], form: DateForm, part: DatePart): Float64Array {
  return Float64Array.from(words, (word) => partOf(momentOf(word, form), part));
}

function numberCode(name: string, { mean, std, count }: NumberStatistics, scaled: boolean): ColumnCode {
  const fill = count === 0 ? 0 : mean;
  const scale = scaled ? { mean: fill, std: std > 0 ? std : 1 } : { mean: 0, std: 1 };
  return { name, kind: 'number', ...scale, fill };
}

function fitCategories({ name, words, codes }: WordColumn, rows: Int32Array): ColumnCode {
  const present = new Set<number>();
  for (const row of rows) present.add(codes[row] ?? 0);
  return categoryCode(
    name,
    [...present].map((code) => words[code] ?? ''),
  );
}

/** What a column becomes in which the training split has these words. */
export function categoryCode(name: string, found: readonly string[]): ColumnCode {
  const categories = [...new Set(found.filter((word) => !isMissingWord(word)).map((word) => word.trim()))].sort();
  return { name, kind: 'category', categories, missing: found.some(isMissingWord) };
}

/** How many values a column becomes. */
export function widthOf(code: ColumnCode): number {
  if (code.kind === 'number') return 1;
  return isBoolean(code) ? 1 : code.categories.length + (code.missing ? 1 : 0);
}

/** Whether two categories share one value, 1 for the second. */
export function isBoolean(code: ColumnCode): boolean {
  return code.kind === 'category' && code.categories.length === 2 && !code.missing;
}

/** The rows of a table as samples; nothing is stored twice. */
export class TableSplit implements Split {
  readonly count: number;
  readonly targets: Targets;
  readonly #numbers: readonly { values: Float64Array; at: number; mean: number; std: number; fill: number }[];
  readonly #categories: readonly { codes: Int32Array; offsets: Int32Array; at: number }[];
  /** Of dates, what each word becomes. */
  readonly #dates: readonly { codes: Int32Array; ofWord: Float64Array; at: number }[];
  /** Parts of dates that are kept as moments. */
  readonly #moments: readonly MomentPart[];
  /** Numbers that say where others are missing. */
  readonly #flags: readonly { values: Float64Array; at: number }[];
  readonly #width: number;

  /** @param table has the columns of `codes` by name */
  constructor(table: Table, codes: readonly ColumnCode[], targets: Targets) {
    this.count = table.count;
    this.targets = targets;
    const numbers: { values: Float64Array; at: number; mean: number; std: number; fill: number }[] = [];
    const categories: { codes: Int32Array; offsets: Int32Array; at: number }[] = [];
    const dates: { codes: Int32Array; ofWord: Float64Array; at: number }[] = [];
    const flags: { values: Float64Array; at: number }[] = [];
    const moments: MomentPart[] = [];
    let at = 0;
    for (const code of codes) {
      const part = code.kind === 'number' ? code.part : undefined;
      const column = table.columns.find(({ name }) => name === (part?.of ?? code.name));
      if (code.kind === 'number' && column?.kind === 'number') {
        if (part?.is === 'missing') flags.push({ values: column.values, at });
        else if (part) moments.push({ ...code, values: column.values, at, part: part.is });
        else numbers.push({ ...code, values: column.values, at });
      }
      if (code.kind === 'number' && column?.kind === 'words' && part && part.is !== 'missing') {
        const ofWord = scaledDates(column.words, part.is, code, part.dayFirst === true);
        dates.push({ codes: column.codes, ofWord, at });
      }
      if (code.kind === 'category' && column?.kind === 'words') {
        categories.push({ codes: column.codes, offsets: categoryOffsets(code, column), at });
      }
      at += widthOf(code);
    }
    this.#numbers = numbers;
    this.#categories = categories;
    this.#dates = dates;
    this.#flags = flags;
    this.#moments = moments;
    this.#width = at;
  }

  read(indices: ArrayLike<number>, target: Float32Array): Promise<void> {
    return new Promise((resolve) => {
      const width = this.#width;
      if (target.length !== indices.length * width) {
        throw new DistilleryError(
          'INTERNAL',
          `${indices.length} rows of ${width} do not fill ${target.length} values.`,
        );
      }
      target.fill(0);
      this.#write(indices, target, 0);
      resolve();
    });
  }

  /** Writes a row into zeros, from `start` on. */
  writeRow(row: number, target: Float32Array, start: number): void {
    this.#write([row], target, start);
  }

  /** Writes rows into zeros, from `start` on, column by column: what a column is made with is looked up once for all of them. */
  #write(rows: ArrayLike<number>, target: Float32Array, start: number): void {
    const { length } = rows;
    const width = this.#width;
    for (let sample = 0; sample < length; sample++) {
      const row = rows[sample] ?? -1;
      if (!(row >= 0 && row < this.count)) throw new DistilleryError('INTERNAL', `There is no sample ${row}.`);
    }
    for (const { values, at, mean, std, fill } of this.#numbers) {
      for (let sample = 0, place = start + at; sample < length; sample++, place += width) {
        const value = values[rows[sample] ?? 0] ?? NaN;
        target[place] = ((Number.isNaN(value) ? fill : value) - mean) / std;
      }
    }
    for (const { values, at } of this.#flags) {
      for (let sample = 0, place = start + at; sample < length; sample++, place += width) {
        if (Number.isNaN(values[rows[sample] ?? 0])) target[place] = 1;
      }
    }
    for (const { codes, ofWord, at } of this.#dates) {
      for (let sample = 0, place = start + at; sample < length; sample++, place += width) {
        target[place] = ofWord[codes[rows[sample] ?? 0] ?? 0] ?? 0;
      }
    }
    for (const { values, at, part, mean, std, fill } of this.#moments) {
      for (let sample = 0, place = start + at; sample < length; sample++, place += width) {
        const value = partOf(values[rows[sample] ?? 0] ?? NaN, part);
        target[place] = ((Number.isNaN(value) ? fill : value) - mean) / std;
      }
    }
    for (const { codes, offsets, at } of this.#categories) {
      for (let sample = 0, place = start + at; sample < length; sample++, place += width) {
        const offset = offsets[codes[rows[sample] ?? 0] ?? 0] ?? -1;
        if (offset >= 0) target[place + offset] = 1;
      }
    }
  }
}

interface MomentPart {
  /** Milliseconds since 1970, or since midnight. */
  readonly values: Float64Array;
  readonly at: number;
  readonly part: DatePart;
  readonly mean: number;
  readonly std: number;
  readonly fill: number;
}

/** What each word of a column of dates becomes; words that are none count as missing. */
function scaledDates(
  words: readonly string[],
  part: DatePart,
  { mean, std, fill }: { readonly mean: number; readonly std: number; readonly fill: number },
  dayFirst: boolean,
): Float64Array {
  const isClock = dateFormOf(words.filter((word) => !isMissing(word)))?.isClock === true;
  return partOfWords(words, { dayFirst, isClock }, part).map(
    (value) => ((Number.isNaN(value) ? fill : value) - mean) / std,
  );
}

/** For every word of a column the value that becomes 1; −1 where none does. */
function categoryOffsets(code: ColumnCode & { readonly kind: 'category' }, { words }: WordColumn): Int32Array {
  const { categories, missing } = code;
  const indexOf = new Map(categories.map((category, index) => [category, index]));
  return Int32Array.from(words, (word) => {
    if (isMissingWord(word)) return missing ? categories.length : -1;
    const index = indexOf.get(word.trim()) ?? -1;
    return isBoolean(code) ? index - 1 : index;
  });
}
