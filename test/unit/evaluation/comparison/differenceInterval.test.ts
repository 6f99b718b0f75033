import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { differenceInterval } from '../../../../src/evaluation/comparison/differenceInterval.ts';

describe('differenceInterval', () => {
  const scoresOf = (sums: readonly number[], count = 1) => ({
    sums: Float64Array.from(sums),
    counts: new Float64Array(sums.length).fill(count),
  });
  const between = (one: readonly number[], other: readonly number[], count = 1) =>
    differenceInterval(scoresOf(one, count), scoresOf(other, count), randomStream(0, 'test'))!;
  /** @param both decided rightly by both, and so on */
  const decided = (both: number, onlyOne: number, onlyOther: number, none: number) =>
    between(
      [...Array<number>(both + onlyOne).fill(1), ...Array<number>(onlyOther + none).fill(0)],
      [
        ...Array<number>(both).fill(1),
        ...Array<number>(onlyOne).fill(0),
        ...Array<number>(onlyOther).fill(1),
        ...Array<number>(none).fill(0),
      ],
    );

  it('is that of paired decisions by their definition', () => {
    // 21 patients before and after a treatment, 1 and 7 of whom changed: (2/23 − 8/23) ∓ 1.96 √((10/23 − (6/23)²)/23).
    const { value, low, high } = decided(1, 1, 7, 12);
    assert.equal(value, -6 / 21);
    assert.ok(Math.abs(low - -0.5084) < 1e-4 && Math.abs(high - -0.0134) < 1e-4, `${low} … ${high}`);
  });

  it('is not sure of what a few samples say', () => {
    // By the sign test 1, 3 and 4 of so many have the probabilities 1, 0.25 and 0.125 where both are alike.
    for (const found of [decided(0, 0, 1, 0), decided(0, 0, 3, 1), decided(96, 0, 4, 0)]) assert.ok(found.high > 0);
    assert.ok(decided(94, 0, 6, 0).high < 0);
    const alike = decided(20, 0, 0, 10);
    assert.ok(alike.value === 0 && alike.low < -0.05 && alike.high > 0.05);
    assert.deepEqual([decided(0, 1, 0, 0).high, decided(0, 0, 1, 0).low], [1, -1]);
  });

  it('bootstraps what is no single decision, and passes over samples without one', () => {
    assert.deepEqual(between([2, 2, 2, 2], [1, 1, 1, 1], 2), { value: 0.5, low: 0.5, high: 0.5 });
    assert.ok(between([0.5, 0.1, 0.2], [0.25, 0.1, 0.3]).high <= 0.25);
    const one = { sums: Float64Array.of(1, 0, 0), counts: Float64Array.of(1, 1, 0) };
    const other = { sums: Float64Array.of(0, 0, 0), counts: one.counts };
    assert.equal(differenceInterval(one, other, randomStream(0, 'test'))?.value, 0.5);
    assert.equal(differenceInterval(scoresOf([]), scoresOf([]), randomStream(0, 'test')), null);
  });
});
