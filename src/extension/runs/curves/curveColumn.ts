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
    let row = first;
    while (row < end) {
      const isBlock = row % BLOCK === 0 && row + BLOCK <= end;
      const block = Math.floor(row / BLOCK);
      const isNumber = Number.isFinite(this.at(row));
      const [least, most] = isBlock
        ? [this.#leastAt.at(block), this.#mostAt.at(block)]
        : isNumber
          ? [row, row]
          : [-1, -1];
      if (least >= 0 && (leastAt < 0 || this.at(least) < this.at(leastAt))) leastAt = least;
      if (most >= 0 && (mostAt < 0 || this.at(most) > this.at(mostAt))) mostAt = most;
      sum += isBlock ? this.#sum.at(block) : isNumber ? this.at(row) : 0;
      finite += isBlock ? this.#finite.at(block) : isNumber ? 1 : 0;
      row += isBlock ? BLOCK : 1;
    }
    return { leastAt, mostAt, sum, finite };
  }
}
