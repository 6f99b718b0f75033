const TAKEN = -1;

/** Hashes of 64 bits, as pairs of words, and how often each was added: a table with open addressing, which takes 18 to 36 bytes for each. */
export class HashTable {
  readonly #words: Uint32Array;
  /** 0 where nothing is. */
  readonly #counts: Int32Array;
  readonly #mask: number;

  /** @param most hashes that will be added */
  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, 1.5 * most)));
    this.#words = new Uint32Array(2 * size);
    this.#counts = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** @returns how often the hash had been added before */
  add(one: number, other: number): number {
    const place = this.#find(one, other);
    const before = this.#counts[place] ?? 0;
    this.#words[2 * place] = one;
    this.#words[2 * place + 1] = other;
    this.#counts[place] = before + 1;
    return before;
  }

  /** How often a hash was added; asked again, not at all. */
  take(one: number, other: number): number {
    const place = this.#find(one, other);
    const count = this.#counts[place] ?? 0;
    if (count > 0) this.#counts[place] = TAKEN;
    return Math.max(0, count);
  }

  /** Where a hash is, or would be. */
  #find(one: number, other: number): number {
    let place = (one ^ Math.imul(other, 0x9e3779b1)) & this.#mask;
    while (this.#counts[place] !== 0 && (this.#words[2 * place] !== one || this.#words[2 * place + 1] !== other)) {
      place = (place + 1) & this.#mask;
    }
    return place;
  }
}
