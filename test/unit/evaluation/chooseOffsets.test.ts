import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import { chooseOffsets } from '../../../src/evaluation/chooseOffsets.ts';
import { classificationMetrics } from '../../../src/evaluation/metrics.ts';

function errorsWith(logits: Float32Array, labels: Int32Array, offsets: ReadonlyMap<number, number>): number {
  const moved = logits.map((logit, index) => logit + (offsets.get(index % 3) ?? 0));
  return classificationMetrics(moved, labels, 3, { outputs: 'logits' }).errors ?? NaN;
}

describe('chooseOffsets', () => {
  it('finds the middle of the offsets with the fewest errors', () => {
    // The class 2 lacks 1, 2 and 3 to be chosen; at 5 it would take a sample of class 0 away.
    const logits = Float32Array.of(1, 0, 0, 2, 0, 0, 0, 3, 0, 5, 0, 0);
    const labels = Int32Array.of(2, 2, 2, 0);
    assert.deepEqual(chooseOffsets(logits, labels, 3, [2]), new Map([[2, 4]]));
  });

  it('leaves alone what no offset makes better', () => {
    const logits = Float32Array.of(3, 0, 0, 0, 3, 0, 0, 0, 3);
    assert.deepEqual(chooseOffsets(logits, Int32Array.of(0, 1, 2), 3, [2]), new Map([[2, 0]]));
  });

  it('makes no more errors than any offset on a grid does', () => {
    const random = randomStream(0, 'offsets');
    const labels = Int32Array.from({ length: 300 }, (_, index) => index % 3);
    const logits = Float32Array.from({ length: 900 }, (_, index) => {
      const truth = labels[Math.floor(index / 3)] === index % 3 ? 1.5 : 0;
      return random.normal() + truth - (index % 3 === 1 ? 3 : 0);
    });
    const chosen = errorsWith(logits, labels, chooseOffsets(logits, labels, 3, [1]));
    for (let offset = -6; offset <= 6; offset += 0.05) {
      assert.ok(chosen <= errorsWith(logits, labels, new Map([[1, offset]])), `${chosen} errors, fewer at ${offset}`);
    }
    assert.ok(chosen < errorsWith(logits, labels, new Map()));
  });
});
