import assert from 'node:assert/strict';
import { axisOf } from '../../../../src/report/drawings/axis.ts';

describe('axisOf', () => {
  function written(values: readonly number[], count: number): string {
    const { ticks, decimals } = axisOf(values, count);
    return ticks.map((tick) => tick.toFixed(decimals)).join(' ');
  }

  it('puts marks at round numbers around the data', () => {
    assert.equal(written([1, 10], 8), '0 2 4 6 8 10');
    assert.equal(written([0.913, 0.991], 5), '0.90 0.92 0.94 0.96 0.98 1.00');
    assert.equal(written([-3, 7], 5), '-4 -2 0 2 4 6 8');
  });

  it('copes with one value, with none, and with what is not a number', () => {
    assert.equal(written([1], 8).split(' ').length >= 2, true);
    assert.equal(written([0], 5).split(' ').length >= 2, true);
    assert.equal(written([], 5), '0 1');
    assert.equal(written([NaN, 1, 3, Infinity], 2), '1 2 3');
  });
});
