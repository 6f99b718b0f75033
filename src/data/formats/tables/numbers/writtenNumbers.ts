const [ZERO, NINE, POINT] = [0x30, 0x39, 0x2e];
const SPACE = 0x20;
/** Shorter numbers that begin with a zero, such as 01 for January, are numbers all the same. */
const SHORTEST_CODE = 4;
/** A column of more different numbers holds no names. */
const MOST_KEPT = 10_000;

/** Finds out how the whole numbers of a column are written: where they are names, as of classes, `001` must not become `1`. */
export class WrittenNumbers {
  readonly #kept = new Map<number, string>();
  /** Whole numbers that are written as usual, as long as they may still be written otherwise elsewhere. */
  readonly #usual = new Set<number>();
  #overflown = false;
  #areNames = false;
  #areCodes = false;

  /** Takes the cell that a whole number was read from. */
  look(value: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#overflown) return;
    if (this.#kept.size > MOST_KEPT || this.#usual.size > MOST_KEPT) {
      this.#overflown = true;
      return;
    }
    if (!Number.isSafeInteger(value)) this.#areNames = this.#areCodes = true;
    const second = bytes[start + 1] ?? 0;
    if (end - start >= SHORTEST_CODE && bytes[start] === ZERO && second >= ZERO && second <= NINE)
      this.#areCodes = true;
    const first = bytes[start] ?? 0;
    const isUsual = end - start < 3 && first > ZERO && first <= NINE && bytes[end - 1] !== POINT;
    if (isUsual) this.#noteUsual(value);
    else this.#lookClosely(value, bytes, start, end);
  }

  /** Spellings other than the usual one; undefined where there are none, or the column has too many numbers for names. */
  get found(): ReadonlyMap<number, string> | undefined {
    if (this.#overflown) return undefined;
    const found = new Map([...this.#kept].filter(([value]) => !this.#usual.has(value)));
    return found.size === 0 ? undefined : found;
  }

  /** Whether there are whole numbers of four digits and more that begin with a zero, or have more digits than a number keeps. */
  get areCodes(): boolean {
    return this.#areCodes;
  }

  get areNames(): boolean {
    return !this.#overflown && this.#areNames;
  }

  #noteUsual(value: number): void {
    this.#usual.add(value);
    if (this.#kept.size > 0 && hasLeadingZero(this.#kept.get(value))) this.#areNames = true;
  }

  #lookClosely(value: number, bytes: Uint8Array, from: number, to: number): void {
    let text = '';
    for (let at = from; at < to; at++) if ((bytes[at] ?? 0) > SPACE) text += String.fromCharCode(bytes[at] ?? 0);
    // Programs write any number with an exponent; it names nothing.
    if (text === String(value) || /\de[+-]?\d/i.test(text)) {
      this.#noteUsual(value);
      return;
    }
    const before = this.#kept.get(value);
    if (before === undefined) this.#kept.set(value, text);
    const differs = before === undefined ? this.#usual.has(value) : before !== text;
    // 1.0 and 1 are the same; 01 and 1 are not.
    if (differs && (hasLeadingZero(text) || hasLeadingZero(before))) this.#areNames = true;
  }
}

function hasLeadingZero(text: string | undefined): boolean {
  return text !== undefined && /^[+-]?0\d/.test(text);
}
