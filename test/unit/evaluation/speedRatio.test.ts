import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import { isTimedEnough, ratioOfPair, speedRatio } from '../../../src/evaluation/speedRatio.ts';

describe('speedRatio', () => {
  it('is the median over the rounds, which cancels what slows down both', () => {
    const slowdowns = [1, 9, 3, 20, 1, 2, 5, 1];
    const ratio = speedRatio(
      slowdowns.map((times) => 8 * times),
      slowdowns.map((times) => 2 * times),
    );
    assert.deepEqual(ratio, { value: 4, low: 4, high: 4 });
  });

  it('has the order statistics of the sign test as its interval', () => {
    const ratios = Array.from({ length: 25 }, (_, round) => round + 1);
    // Of 25 values the 8th and the 18th enclose the median with 95.7 % (binomial distribution).
    assert.deepEqual(
      speedRatio(
        ratios,
        ratios.map(() => 1),
      ),
      { value: 13, low: 8, high: 18 },
    );
  });

  it('encloses the true ratio 95 times of 100, about', () => {
    const random = randomStream(0, 'speed ratios');
    let enclosed = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const times = (milliseconds: number) =>
        Array.from({ length: 40 }, () => milliseconds * Math.exp(Math.abs(random.normal(0, 0.5))));
      const { low, high } = speedRatio(times(6), times(2))!;
      if (low <= 3 && 3 <= high) enclosed++;
    }
    assert.ok(enclosed > 925 && enclosed < 985, `${enclosed}`);
  });

  it('is none of few rounds, and passes over times that a coarse clock shows as none', () => {
    assert.equal(speedRatio([2, 2, 2, 2, 2], [1, 1, 1, 1, 1]), null);
    assert.equal(speedRatio([2, 2, 2, 2, 2, 2], [1, 1, 1, 0, 1, 1]), null);
    assert.equal(speedRatio([2, 2, 2, 2, 2, 2, 2], [1, 1, 1, 0, 1, 1, 1])?.value, 2);
  });

  it('is none where a network was not timed', () => {
    assert.equal(ratioOfPair(new Map([['student', [1]]]), { slower: 'teacher', faster: 'student' }), null);
  });
});

describe('isTimedEnough', () => {
  const pairs = [{ slower: 'teacher', faster: 'student' }];
  const limitMs = 1000;
  /** Rounds whose ratios lie around 2, by up to `spread` times. */
  function timings(rounds: number, spread: number) {
    const slower = Array.from({ length: rounds }, (_, round) => 2 * spread ** ((round % 11) / 5 - 1));
    return new Map([
      ['teacher', slower],
      ['student', slower.map(() => 1)],
    ]);
  }

  it('ends after 200 rounds, or two fifths of the time, where ratios are certain', () => {
    assert.equal(isTimedEnough(timings(199, 1.02), 10, { pairs, limitMs }), false);
    assert.equal(isTimedEnough(timings(200, 1.02), 10, { pairs, limitMs }), true);
    assert.equal(isTimedEnough(timings(30, 1.02), 399, { pairs, limitMs }), false);
    assert.equal(isTimedEnough(timings(30, 1.02), 400, { pairs, limitMs }), true);
  });

  it('goes on where one of them is not, until the time is over', () => {
    assert.equal(isTimedEnough(timings(200, 5), 500, { pairs, limitMs }), false);
    assert.equal(isTimedEnough(timings(200, 5), 1000, { pairs, limitMs }), true);
  });

  it('has five rounds at least, and 2000 at most', () => {
    assert.equal(isTimedEnough(timings(4, 5), 5000, { pairs, limitMs }), false);
    assert.equal(isTimedEnough(timings(5, 5), 5000, { pairs, limitMs }), true);
    assert.equal(isTimedEnough(timings(2000, 50), 10, { pairs, limitMs }), true);
  });

  it('ends at once without networks', () => {
    assert.equal(isTimedEnough(new Map(), 0, { pairs: [], limitMs }), true);
  });
});
