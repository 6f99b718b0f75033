import type { Problem } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { Column, NumberColumn, Table, WordColumn } from '../column.ts';
import { momentOf, type DateForm, type DatePart } from '../times/dates.ts';
import { LARGEST } from '../hugeValues.ts';
import { isMissing, isMissingWord } from '../numbers/parseNumber.ts';
import type { BlockColumn } from './rowBlocks.ts';

/** A column with more different words holds no categories, unless the experiment says that it does. */
const MOST_CATEGORIES = 1000;
const MOST_ASKED_CATEGORIES = 100_000;

/** What is stored of a column in some rows, and what of it is to be told. */
export interface StoredCells {
  readonly data: Float64Array | Int32Array;
  readonly missing: number;
  /** The first row with a number that is larger than a network can hold. */
  readonly huge: number | undefined;
  /** The first row with a word that is no date, and how many there are. */
  readonly undated: { readonly first: number | undefined; readonly count: number };
}

/** How dates are written, and what of them becomes numbers. */
export interface StoredDates {
  readonly form: DateForm;
  readonly parts: readonly DatePart[];
}

/** A feature of a table as it lies in the file: numbers, dates as moments, or words by their places in a list. */
export class StoredFeature implements BlockColumn {
  readonly name: string;
  readonly kind: Column['kind'];
  /** Of dates, how they are written and what of them is used. */
  readonly dates: StoredDates | undefined;
  readonly #isAsked: boolean;
  /** The words of all splits, in the order in which they were met. */
  readonly #codes = new Map<string, number>();
  #hasTooMany = false;

  /** @param isAsked whether the experiment says what the column is used as */
  constructor(name: string, kind: Column['kind'], dates: StoredDates | undefined, isAsked: boolean) {
    this.name = name;
    this.kind = dates ? 'number' : kind;
    this.dates = dates;
    this.#isAsked = isAsked;
  }

  /** Whether it turned out to hold no categories. */
  get isLeftOut(): boolean {
    return this.#hasTooMany;
  }

  get words(): readonly string[] {
    return [...this.#codes.keys()];
  }

  /** @param problems takes that there are more categories than can be */
  store(column: Column, count: number, problems: Problem[]): StoredCells {
    if (column.kind === 'number') return storeNumbers(column, count);
    return this.dates ? storeMoments(column, count, this.dates.form) : this.#storeWords(column, count, problems);
  }

  #storeWords({ words, codes }: WordColumn, count: number, problems: Problem[]): StoredCells {
    const own = Int32Array.from(words, (word) => this.#codeOf(word, problems));
    const isNone = Uint8Array.from(words, (word) => (isMissingWord(word) ? 1 : 0));
    const data = new Int32Array(count);
    let missing = 0;
    for (let row = 0; row < count; row++) {
      const code = codes[row] ?? 0;
      data[row] = own[code] ?? 0;
      missing += isNone[code] ?? 0;
    }
    return { data, missing, huge: undefined, undated: NONE };
  }

  #codeOf(word: string, problems: Problem[]): number {
    const known = this.#codes.get(word);
    if (known !== undefined) return known;
    const size = this.#codes.size;
    if (size < (this.#isAsked ? MOST_ASKED_CATEGORIES : MOST_CATEGORIES)) {
      this.#codes.set(word, size);
      return size;
    }
    if (this.#isAsked && !this.#hasTooMany) {
      const message = `The column '${this.name}' has more than ${MOST_ASKED_CATEGORIES} different words, and each category takes a value of the sample.`;
      problems.push(pathProblem(message, `Set dataset.columns.${this.name} to 'ignore'.`));
    }
    this.#hasTooMany = true;
    return 0;
  }
}

const NONE = { first: undefined, count: 0 };

function storeNumbers({ values }: NumberColumn, count: number): StoredCells {
  const data = Float64Array.from(values.subarray(0, count));
  let missing = 0;
  let huge: number | undefined;
  for (let row = 0; row < count; row++) {
    if (Math.abs(data[row] ?? 0) > LARGEST) {
      data[row] = NaN;
      huge ??= row;
    }
    if (Number.isNaN(data[row])) missing++;
  }
  return { data, missing, huge, undated: NONE };
}

function storeMoments({ words, codes }: WordColumn, count: number, form: DateForm): StoredCells {
  const moments = Float64Array.from(words, (word) => (isMissing(word) ? NaN : momentOf(word, form)));
  const data = new Float64Array(count);
  let missing = 0;
  let [first, undated]: [number | undefined, number] = [undefined, 0];
  for (let row = 0; row < count; row++) {
    const code = codes[row] ?? 0;
    data[row] = moments[code] ?? NaN;
    if (!Number.isNaN(data[row])) continue;
    missing++;
    if (isMissing(words[code] ?? '')) continue;
    first ??= row;
    undated++;
  }
  return { data, missing, huge: undefined, undated: { first, count: undated } };
}

/** The features that a table is stored with. */
export function featuresToStore(
  columns: readonly Column[],
  storedDates: ReadonlyMap<Column, StoredDates>,
  asked: ReadonlySet<string>,
): readonly StoredFeature[] {
  return columns.map(
    (column) => new StoredFeature(column.name, column.kind, storedDates.get(column), asked.has(column.name)),
  );
}

/** Columns of a block of rows as a table. */
export function tableOf(features: readonly StoredFeature[], data: readonly (Float64Array | Int32Array)[]): Table {
  return {
    file: '',
    count: data[0]?.length ?? 0,
    columns: features.flatMap(({ name, words }, at): readonly Column[] => {
      const values = data[at];
      if (values instanceof Float64Array) return [{ kind: 'number', name, values }];
      return values instanceof Int32Array ? [{ kind: 'words', name, words, codes: values }] : [];
    }),
    lineOf: () => 0,
    remarks: [],
  };
}
