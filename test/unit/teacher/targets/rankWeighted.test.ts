import assert from 'node:assert/strict';
import { rankWeightedLogits } from '../../../../src/teacher/targets/rankWeighted.ts';

/** The distribution of one row. */
function targets(outputs: readonly number[]): number[] {
  const logits = rankWeightedLogits(Float32Array.from(outputs), outputs.length);
  const exponentials = Array.from(logits, Math.exp);
  const total = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => Math.round((value / total) * 1e6) / 1e6);
}

describe('rank-weighted targets', () => {
  it('share every gap evenly among the classes above it', () => {
    // Sorted 9, 5, 3, 1: gaps 4, 2, 2; weights 4 + 1 + 2/3, 1 + 2/3, 2/3, 0; their sum is 8.
    assert.deepEqual(targets([3, 9, 1, 5]), [0.083333, 0.708333, 0, 0.208333]);
  });

  it('give equal outputs equal probabilities', () => {
    assert.deepEqual(targets([2, 0, 2]), [0.5, 0, 0.5]);
    assert.deepEqual(targets([4, 4, 4, 4]), [0.25, 0.25, 0.25, 0.25]);
  });

  it('do not see shifts and scales', () => {
    assert.deepEqual(targets([103, 109, 101, 105]), targets([3, 9, 1, 5]));
    assert.deepEqual(targets([6, 18, 2, 10]), targets([3, 9, 1, 5]));
  });

  it('are made row by row', () => {
    const both = rankWeightedLogits(Float32Array.of(1, 2, 5, 9, 1, 3), 3);
    assert.deepEqual([...both.slice(3)], [...rankWeightedLogits(Float32Array.of(9, 1, 3), 3)]);
    assert.ok(both.every(Number.isFinite));
  });
});
