import type { Storage } from '../column.ts';
import type { OpeningLines } from '../reading/openingLines.ts';
import { parseNumber } from '../numbers/parseNumber.ts';
import { RowSampler } from './rowSampler.ts';

/** Takes a cell of a row that the sample has: of a column, in a row of the sample. */
type PutCell = (column: number, row: number, bytes: Buffer, start: number, end: number) => void;

/** Holds the cells of a row of delimited text until it is known whether the sample has it. */
export class SampledCells {
  readonly #sampler: RowSampler;
  readonly #storage: readonly Storage[];
  readonly #points: readonly number[];
  readonly #bytes: (Buffer | undefined)[];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;

  /**
   * @param storage how the columns are likely to be kept
   * @param memory bytes that the sample may take
   */
  constructor({ names, points, expectedRows }: OpeningLines, storage: readonly Storage[], memory: number) {
    this.#sampler = new RowSampler(expectedRows, names.length, memory);
    this.#storage = storage;
    this.#points = points;
    this.#bytes = names.map(() => undefined);
    this.#starts = new Int32Array(names.length);
    this.#ends = new Int32Array(names.length);
  }

  /** Rows of the sample. */
  get count(): number {
    return this.#sampler.chosen;
  }

  countsRows(column: number): boolean {
    return this.#sampler.countsRows(column);
  }

  /** Takes a cell of the present row; the same may come again, from the first cell on. */
  take(column: number, bytes: Buffer, start: number, end: number): void {
    if (column >= this.#starts.length) return;
    this.#bytes[column] = bytes;
    this.#starts[column] = start;
    this.#ends[column] = end;
  }

  /** Ends the present row, and gives its cells where the sample has it. @returns whether it has */
  endRow(put: PutCell): boolean {
    for (let column = 0; column < this.#starts.length; column++) this.#look(column);
    const row = this.#sampler.chosen;
    if (!this.#sampler.endRow()) return false;
    for (let column = 0; column < this.#starts.length; column++) {
      const bytes = this.#bytes[column];
      if (bytes) put(column, row, bytes, this.#starts[column] ?? 0, this.#ends[column] ?? 0);
    }
    return true;
  }

  #look(column: number): void {
    const bytes = this.#bytes[column];
    if (!bytes) return;
    const [start = 0, end = 0] = [this.#starts[column], this.#ends[column]];
    if (this.#storage[column] === 'number') {
      const value = parseNumber(bytes, start, end, this.#points[column]);
      if (value !== undefined && !Number.isNaN(value)) {
        this.#sampler.seeNumber(column, value);
        return;
      }
    }
    if (this.#sampler.wantsWords(column)) this.#sampler.seeWord(column, bytes.toString('latin1', start, end));
  }
}
