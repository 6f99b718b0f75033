/** The lines on which the rows of a file begin; takes memory only for where rows and lines part. */
export class LineNumbers {
  #count = 0;
  /** Rows from which on lines are ahead of rows by another number. */
  readonly #rows: number[] = [];
  readonly #leads: number[] = [];

  /** Adds the next row. */
  add(line: number): void {
    const lead = line - this.#count;
    if (lead !== this.#leads.at(-1)) {
      this.#rows.push(this.#count);
      this.#leads.push(lead);
    }
    this.#count++;
  }

  of(row: number): number {
    let low = 0;
    let high = this.#rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#rows[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return row + (this.#leads[low] ?? 1);
  }
}
