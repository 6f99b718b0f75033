import { Numbers } from './numbers.ts';

/** Rows of which the extent is known beforehand, so that that of very many is found quickly. */
const BLOCK = 64;

/** What the values of some rows span. */
export interface Extent {
  /** Rows of the least and the greatest value; -1 where none is a number. */
  readonly leastAt: number;
  readonly mostAt: number;
  readonly sum: number;
  /** How many are numbers. */
  readonly finite: number;
}

/** The values of a curve, row after row; NaN and infinities are gaps. */
export class CurveColumn {
  readonly #values = new Numbers();
  readonly #leastAt = new Numbers();
  readonly #mostAt = new Numbers();
  readonly #sum = new Numbers();
  readonly #finite = new Numbers();

  get length(): number {
    return this.#values.length;
  }

  at(row: number): number {
    return this.#values.at(row);
  }

  push(value: number): void {
    const row = this.#values.length;
    this.#values.push(value);
    const block = Math.floor(row / BLOCK);
    if (row % BLOCK === 0) {
      this.#leastAt.push(-1);
      this.#mostAt.push(-1);
      this.#sum.push(0);
      this.#finite.push(0);
    }
    if (!Number.isFinite(value)) return;
    const [leastAt, mostAt] = [this.#leastAt.at(block), this.#mostAt.at(block)];
    if (leastAt < 0 || value < this.at(leastAt)) this.#leastAt.set(block, row);
    if (mostAt < 0 || value > this.at(mostAt)) this.#mostAt.set(block, row);
    this.#sum.set(block, this.#sum.at(block) + value);
    this.#finite.set(block, this.#finite.at(block) + 1);
  }

  /** Forgets the rows from `length` on. */
  truncate(length: number): void {
    const whole = Math.floor(Math.min(length, this.length) / BLOCK) * BLOCK;
    const rest: number[] = [];
    for (let row = whole; row < Math.min(length, this.length); row++) rest.push(this.at(row));
    this.#values.truncate(whole);
    for (const each of [this.#leastAt, this.#mostAt, this.#sum, this.#finite]) each.truncate(whole / BLOCK);
    for (const value of rest) this.push(value);
  }

  /** What the rows from `first` to before `end` span. */
  extent(first: number, end: number): Extent {
    let [leastAt, mostAt, sum, finite] = [-1, -1, 0, 0];
    let [least, most] = [Infinity, -Infinity];
    const note = (row: number): void => {
      const value = this.at(row);
      if (value < least) [least, leastAt] = [value, row];
      if (value > most) [most, mostAt] = [value, row];
    };
    let row = first;
    while (row < end) {
      if (row % BLOCK === 0 && row + BLOCK <= end) {
        const block = row / BLOCK;
        const count = this.#finite.at(block);
        if (count > 0) {
          note(this.#leastAt.at(block));
          note(this.#mostAt.at(block));
          sum += this.#sum.at(block);
          finite += count;
        }
        row += BLOCK;
      } else {
        const value = this.at(row);
        if (Number.isFinite(value)) {
          note(row);
          sum += value;
          finite += 1;
        }
        row += 1;
      }
    }
    return { leastAt, mostAt, sum, finite };
  }
}
