import { randomStream, type Random } from '../../../random.ts';

/** Rows that are taken at random. */
const ROWS = { least: 2000, most: 50_000 } as const;
/** Bytes that a cell of the sample takes about, while it is read and judged. */
const CELL = 16;
/** A column with more different values is one of amounts or texts, of which a random part tells enough. */
const MOST_DISTINCT = 10_001;
/** A column with more of them is one of names, or numbers the rows, where it has another in most rows. */
const FEW_DISTINCT = 1000;
/** Rows that are taken because something is in them that no row before had, for each that is taken at random. */
const MOST_NEW = 3;

/** What was seen of a column; its numbers or words are left out once there are too many different ones. */
interface SeenColumn {
  numbers: Set<number> | undefined;
  words: Set<string> | undefined;
  /** Words without digits, as marks for missing values are among amounts with units. */
  marks: Set<string> | undefined;
  /** The number of the first row, and that of the coming one where rows are numbered; NaN where they are not. */
  first: number;
  next: number;
}

const NOTHING_SEEN: SeenColumn = { numbers: undefined, words: undefined, marks: undefined, first: NaN, next: NaN };

/**
 * Chooses the rows by which a table is understood that is too long to be held: a random part, the same whenever the table is read, and beside it every row
 * with a word or whole number that its column did not have before. So all classes and categories, marks for missing values and mistyped cells
 * are among them, however rare they are.
 */
export class RowSampler {
  readonly #random: Random = randomStream(0, 'rows of a table');
  readonly #share: number;
  readonly #columns: SeenColumn[] = [];
  readonly #mostNew: number;
  #rows = 0;
  #chosen = 0;
  #new = 0;
  #hasNew = false;

  /**
   * @param expectedRows about how many rows the table has
   * @param memory bytes that the sample may take
   */
  constructor(expectedRows: number, columns: number, memory: number) {
    const fitting = Math.floor(memory / (CELL * (1 + MOST_NEW) * Math.max(1, columns)));
    const rows = Math.max(ROWS.least, Math.min(ROWS.most, fitting));
    this.#share = rows / Math.max(1, expectedRows);
    this.#mostNew = MOST_NEW * rows;
  }

  /** Rows that were read. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows that the sample has. */
  get chosen(): number {
    return this.#chosen;
  }

  /** Whether a column numbers all rows from 0 or 1 on. */
  countsRows(column: number): boolean {
    const { first, next } = this.#columns[column] ?? NOTHING_SEEN;
    return (first === 0 || first === 1) && next === first + this.#rows;
  }

  /** Whether it still matters which words a column has. */
  wantsWords(column: number): boolean {
    const { words, marks } = this.#of(column);
    return words !== undefined || marks !== undefined;
  }

  /** Takes a number of the present row. */
  seeNumber(column: number, value: number): void {
    const seen = this.#of(column);
    if (this.#rows === 0) seen.first = seen.next = value;
    // A number out of order ends the counting for good.
    seen.next = seen.next === value ? value + 1 : NaN;
    // Of amounts, what is new tells nothing.
    if (seen.numbers && !this.#add(seen.numbers, Number.isInteger(value) ? value : undefined)) seen.numbers = undefined;
  }

  /** Takes a word of the present row. */
  seeWord(column: number, word: string): void {
    const seen = this.#of(column);
    seen.next = NaN;
    if (seen.words && !this.#add(seen.words, word)) seen.words = undefined;
    if (seen.marks && !/\d/.test(word) && !this.#add(seen.marks, word)) seen.marks = undefined;
  }

  #of(column: number): SeenColumn {
    while (this.#columns.length <= column) {
      this.#columns.push({ numbers: new Set(), words: new Set(), marks: new Set(), first: NaN, next: NaN });
    }
    return this.#columns[column] ?? NOTHING_SEEN;
  }

  /** @returns false when a column has too many different values for them to matter */
  #add<Value>(seen: Set<Value>, value: Value | undefined): boolean {
    if (value === undefined) return false;
    if (seen.has(value)) return true;
    const isAnotherInMostRows = seen.size > FEW_DISTINCT && seen.size > this.#rows / 2;
    if (isAnotherInMostRows || seen.size >= MOST_DISTINCT) return false;
    seen.add(value);
    this.#hasNew = true;
    return true;
  }

  /** Ends the present row. @returns whether the sample has it */
  endRow(): boolean {
    const isRandom = this.#random.uniform() < this.#share;
    const isNew = this.#hasNew && this.#new < this.#mostNew;
    this.#hasNew = false;
    this.#rows++;
    if (isNew) this.#new++;
    if (isNew || isRandom) this.#chosen++;
    return isNew || isRandom;
  }
}
