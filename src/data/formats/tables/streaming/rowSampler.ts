import { randomStream, type Random } from '../../../random.ts';

/** Rows that are taken at random. */
const MOST_ROWS = 50_000;
/** Numbers that the sample may hold, however many columns there are. */
const MOST_CELLS = 2 ** 23;
/** A column with more different values is one of amounts or texts, of which a random part tells enough. */
const MOST_DISTINCT = 10_001;
/** Rows that are taken because something is in them that no row before had. */
const MOST_NEW = 150_000;

/** What was seen of a column; its numbers or words are left out once there are too many different ones. */
interface SeenColumn {
  numbers: Set<number> | undefined;
  words: Set<string> | undefined;
  /** The number of the first row, and that of the coming one where rows are numbered; NaN where they are not. */
  first: number;
  next: number;
}

const NOTHING_SEEN: SeenColumn = { numbers: undefined, words: undefined, first: NaN, next: NaN };

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

  /** @param expectedRows about how many rows the table has */
  constructor(expectedRows: number, columns: number) {
    const most = Math.max(1, Math.floor(MOST_CELLS / Math.max(1, columns)));
    this.#share = Math.min(MOST_ROWS, most) / Math.max(1, expectedRows);
    this.#mostNew = Math.min(MOST_NEW, most);
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
    return this.#of(column).words !== undefined;
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
  }

  #of(column: number): SeenColumn {
    while (this.#columns.length <= column) {
      this.#columns.push({ numbers: new Set(), words: new Set(), first: NaN, next: NaN });
    }
    return this.#columns[column] ?? NOTHING_SEEN;
  }

  /** @returns false when a column has too many different values for them to matter */
  #add<Value>(seen: Set<Value>, value: Value | undefined): boolean {
    if (value === undefined) return false;
    if (seen.has(value)) return true;
    if (seen.size >= MOST_DISTINCT) return false;
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
