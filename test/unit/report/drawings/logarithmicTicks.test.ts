import assert from 'node:assert/strict';
import { logarithmicTicks } from '../../../../src/report/drawings/logarithmicTicks.ts';

describe('logarithmicTicks', () => {
  it('are powers of ten over a wide range', () => {
    assert.deepEqual(logarithmicTicks(900, 2_000_000), [1000, 10_000, 100_000, 1_000_000]);
  });

  it('have 2 and 5 between them over a smaller one', () => {
    assert.deepEqual(logarithmicTicks(900, 12_000), [1000, 2000, 5000, 10_000]);
  });

  it('are at least two where there is almost no range', () => {
    const ticks = logarithmicTicks(100 / 1.3, 100 * 1.3);
    assert.ok(ticks.length >= 2, String(ticks));
    assert.ok(ticks.every((tick) => tick >= 100 / 1.3 && tick <= 130));
    for (const size of [5.1e6, 1.7e3, 3.3e8]) {
      assert.ok(logarithmicTicks(size / 1.3, size * 1.3).length >= 2, String(size));
    }
  });
});
