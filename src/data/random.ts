/** Where a generator stands: its four words and the normally distributed number that it has in store, if any. */
export interface RandomState {
  readonly words: readonly [number, number, number, number];
  readonly spareNormal?: number;
}

/**
 * A seeded generator of random numbers: xoshiro128** (Blackman & Vigna, "Scrambled linear pseudorandom number
 * generators", 2021), period 2¹²⁸ − 1. Equal seeds give equal numbers on every machine; never use it for secrets.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spareNormal: number | undefined;

  /** Fills the state from a 32-bit seed with splitmix32, so that neighbouring seeds give unrelated numbers. */
  constructor(seed: number) {
    let counter = seed >>> 0;
    const nextWord = (): number => {
      counter = (counter + 0x9e3779b9) >>> 0;
      return scramble(counter);
    };
    this.#a = nextWord();
    this.#b = nextWord();
    this.#c = nextWord();
    this.#d = nextWord();
  }

  /** A generator that goes on where another one stood. */
  static from({ words, spareNormal }: RandomState): Random {
    const random = new Random(0);
    [random.#a, random.#b, random.#c, random.#d] = words;
    random.#spareNormal = spareNormal;
    return random;
  }

  get state(): RandomState {
    return {
      words: [this.#a, this.#b, this.#c, this.#d],
      ...(this.#spareNormal !== undefined && { spareNormal: this.#spareNormal }),
    };
  }

  /** An integer of 0 … 2³² − 1. */
  word(): number {
    const result = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotate(this.#d, 11);
    return result;
  }

  /** A number of [low, high), evenly distributed in steps of (high − low) / 2³². */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.word() / 0x1_0000_0000);
  }

  /** An integer of 0 … bound − 1, each equally likely; `bound` is 1 … 2³². */
  integer(bound: number): number {
    const unbiased = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    let word = this.word();
    while (word >= unbiased) word = this.word();
    return word % bound;
  }

  /** A normally distributed number (Marsaglia's polar method). */
  normal(mean = 0, deviation = 1): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return mean + deviation * spare;
    }
    let x: number;
    let y: number;
    let square: number;
    do {
      x = this.uniform(-1, 1);
      y = this.uniform(-1, 1);
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    this.#spareNormal = y * factor;
    return mean + deviation * x * factor;
  }

  /** A positive number from the gamma distribution of this shape, with scale 1 (Marsaglia & Tsang 2000); `shape` is above 0. */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * (1 - this.uniform()) ** (1 / shape);
    const base = shape - 1 / 3;
    const spread = 1 / Math.sqrt(9 * base);
    for (;;) {
      const x = this.normal();
      const cube = (1 + spread * x) ** 3;
      if (cube <= 0) continue;
      const logarithm = Math.log(1 - this.uniform());
      if (logarithm < x ** 2 / 2 + base * (1 - cube + Math.log(cube))) return base * cube;
    }
  }

  /** A number of 0…1 from the beta distribution. */
  beta(alpha: number, beta: number): number {
    const [first, second] = [this.gamma(alpha), this.gamma(beta)];
    // Tiny parameters may underflow both; such a distribution lies at 0 and 1.
    if (first + second === 0) return this.uniform() < alpha / (alpha + beta) ? 1 : 0;
    return first / (first + second);
  }

  /** Fills an array with integers of 0 … 2³² − 1: the same as `word()` gives one by one, faster. */
  fillWords(target: Uint32Array): void {
    let [a, b, c, d] = [this.#a, this.#b, this.#c, this.#d];
    for (let index = 0; index < target.length; index++) {
      target[index] = Math.imul(rotate(Math.imul(b, 5), 7), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = rotate(d, 11);
    }
    [this.#a, this.#b, this.#c, this.#d] = [a, b, c, d];
  }

  /** Puts the elements in random order, in place (Fisher–Yates), and returns them. */
  shuffle<T extends Int32Array | number[]>(elements: T): T {
    for (let last = elements.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const kept = elements[last] ?? 0;
      elements[last] = elements[other] ?? 0;
      elements[other] = kept;
    }
    return elements;
  }
}

/**
 * The random numbers of one purpose: streams of different labels are unrelated, so that drawing more numbers for one
 * purpose (`shuffle/epoch/3`) never changes those of another (`initial weights`).
 */
export function randomStream(seed: number, label: string): Random {
  let hash = scramble(seed >>> 0);
  for (let position = 0; position < label.length; position++) {
    hash = scramble(hash ^ Math.imul(label.charCodeAt(position) + 1, 0x9e3779b1));
  }
  return new Random(hash);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Spreads every bit of a 32-bit word over all of its bits, reversibly; the constants are those of hash-prospector's best. */
function scramble(word: number): number {
  let mixed = word | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
