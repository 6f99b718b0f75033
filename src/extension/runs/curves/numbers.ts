const PIECE_BITS = 10;
const PIECE = 1 << PIECE_BITS;

/** Numbers that are added at the end without copying those before: 8 bytes each, outside of the program's heap. */
export class Numbers {
  readonly #pieces: Float64Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param index below `length` */
  at(index: number): number {
    return this.#pieces[index >> PIECE_BITS]?.[index & (PIECE - 1)] ?? NaN;
  }

  /** @param index below `length` */
  set(index: number, value: number): void {
    const piece = this.#pieces[index >> PIECE_BITS];
    if (piece) piece[index & (PIECE - 1)] = value;
  }

  push(value: number): void {
    if (this.#length >> PIECE_BITS === this.#pieces.length) this.#pieces.push(new Float64Array(PIECE));
    this.#length += 1;
    this.set(this.#length - 1, value);
  }

  /** Forgets what comes after the first `length` numbers. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
    this.#pieces.length = Math.ceil(this.#length / PIECE);
  }

  /** How many of the numbers, which rise, are below a value. */
  countBelow(value: number): number {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
