import assert from 'node:assert/strict';
import { Random, randomStream } from '../../../src/data/random.ts';

/** The generator once more, as its authors' C code has it, in arbitrary precision. */
function* referenceWords(state: readonly number[]): Generator<number> {
  const mask = 0xffff_ffffn;
  const rotate = (word: bigint, bits: bigint): bigint => ((word << bits) | (word >> (32n - bits))) & mask;
  const s = state.map(BigInt);
  while (true) {
    yield Number((rotate((s[1]! * 5n) & mask, 7n) * 9n) & mask);
    const t = (s[1]! << 9n) & mask;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotate(s[3]!, 11n);
  }
}

/** State that a seed is spread to: splitmix32 with the constants named in the source. */
function referenceState(seed: number): number[] {
  const mask = 0xffff_ffffn;
  return [1n, 2n, 3n, 4n].map((step) => {
    let word = (BigInt(seed) + step * 0x9e3779b9n) & mask;
    word = ((word ^ (word >> 16n)) * 0x21f0aaadn) & mask;
    word = ((word ^ (word >> 15n)) * 0x735a2d97n) & mask;
    return Number(word ^ (word >> 15n));
  });
}

describe('random numbers', () => {
  it('are those of xoshiro128**', () => {
    for (const seed of [0, 1, 12345, 0xffff_ffff]) {
      const random = new Random(seed);
      const reference = referenceWords(referenceState(seed));
      for (let draw = 0; draw < 1000; draw++) assert.equal(random.word(), reference.next().value);
    }
  });

  it('repeat with seed and label, and with nothing else', () => {
    const first = (seed: number, label: string): string => {
      const random = randomStream(seed, label);
      return Array.from({ length: 8 }, () => random.word()).join();
    };
    assert.equal(first(7, 'shuffle'), first(7, 'shuffle'));
    const others = [first(7, 'shuffle'), first(8, 'shuffle'), first(7, 'shuffle/1'), first(7, 'weights'), first(7, '')];
    assert.equal(new Set(others).size, others.length);
  });

  it('of neighbouring seeds and labels are uncorrelated', () => {
    const draws = 20_000;
    for (const [one, other] of [
      [randomStream(0, 'a'), randomStream(1, 'a')],
      [randomStream(0, 'digit/1'), randomStream(0, 'digit/2')],
    ] as const) {
      let product = 0;
      for (let draw = 0; draw < draws; draw++) product += one.uniform(-1, 1) * other.uniform(-1, 1);
      // The mean product of independent draws deviates from 0 by 1/3/√draws.
      assert.ok(Math.abs(product / draws) < 4 / 3 / Math.sqrt(draws));
    }
  });

  it('fill an interval evenly', () => {
    const random = new Random(3);
    const counts = new Array<number>(16).fill(0);
    const draws = 160_000;
    for (let draw = 0; draw < draws; draw++) {
      const value = random.uniform(-2, 6);
      assert.ok(value >= -2 && value < 6);
      counts[Math.floor((value + 2) * 2)]!++;
    }
    const expected = draws / counts.length;
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    assert.ok(chiSquared < 37.7, `χ² of 15 degrees of freedom is ${chiSquared}, above its 99.9 % quantile`);
  });

  it('give integers below the bound, each as often', () => {
    const random = new Random(4);
    const counts = new Array<number>(7).fill(0);
    for (let draw = 0; draw < 70_000; draw++) counts[random.integer(7)]!++;
    for (const count of counts) assert.ok(Math.abs(count - 10_000) < 400, String(counts));
    assert.equal(random.integer(1), 0);
  });

  it('have the moments of a normal distribution', () => {
    const random = new Random(5);
    const values = Array.from({ length: 100_000 }, () => random.normal(10, 2));
    const moment = (power: number): number =>
      values.reduce((sum, value) => sum + ((value - 10) / 2) ** power, 0) / values.length;
    assert.ok(Math.abs(moment(1)) < 0.015);
    assert.ok(Math.abs(moment(2) - 1) < 0.02);
    assert.ok(Math.abs(moment(3)) < 0.04);
    assert.ok(Math.abs(moment(4) - 3) < 0.15);
  });

  it('shuffle into every order alike', () => {
    const random = new Random(6);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 24_000; draw++) {
      const order = random.shuffle([0, 1, 2, 3]).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 24);
    for (const [order, count] of counts) assert.ok(Math.abs(count - 1000) < 150, `${order}: ${count}`);
  });

  it('go on from where another generator stood', () => {
    const random = new Random(7);
    random.normal();
    random.word();
    const copy = Random.from(structuredClone(random.state));
    assert.deepEqual(copy.state, random.state);
    assert.equal(copy.normal(), random.normal(), 'the normal number in store is carried over');
    for (let draw = 0; draw < 100; draw++) assert.equal(copy.word(), random.word());
  });

  it('fill arrays with the words that would be drawn one by one', () => {
    const [one, other] = [new Random(3), new Random(3)];
    const words = new Uint32Array(101);
    one.fillWords(words);
    for (const word of words) assert.equal(word, other.word());
    assert.equal(one.word(), other.word());
  });

  it('of the beta distribution have its mean and variance', () => {
    for (const [alpha, beta] of [
      [0.2, 0.2],
      [1, 1],
      [2, 5],
    ] as const) {
      const random = new Random(11);
      const draws = Array.from({ length: 20_000 }, () => random.beta(alpha, beta));
      assert.ok(draws.every((draw) => draw >= 0 && draw <= 1));
      const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
      const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
      const expected = (alpha * beta) / ((alpha + beta) ** 2 * (alpha + beta + 1));
      assert.ok(Math.abs(mean - alpha / (alpha + beta)) < 0.01, `mean ${mean}`);
      assert.ok(Math.abs(variance - expected) < 0.03 * expected + 0.001, `variance ${variance} against ${expected}`);
    }
  });
});
