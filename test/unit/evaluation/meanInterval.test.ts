import assert from 'node:assert/strict';
import { meanInterval, MOST_VALUES } from '../../../src/evaluation/meanInterval.ts';

describe('the interval of a mean', () => {
  it('is that of the t-distribution', () => {
    // Mean 2, standard deviation 1, √3 measurements: 4.3027 / √3 on either side.
    const interval = meanInterval([1, 2, 3]);
    assert.ok(interval);
    assert.equal(interval.value, 2);
    assert.ok(Math.abs(interval.low - (2 - 2.48417)) < 1e-4);
    assert.ok(Math.abs(interval.high - (2 + 2.48417)) < 1e-4);
  });

  it('has no width where nothing varies', () => {
    assert.deepEqual(meanInterval([0.5, 0.5]), { value: 0.5, low: 0.5, high: 0.5 });
  });

  it('is not there for one value, and there for as many as it says', () => {
    assert.equal(meanInterval([1]), null);
    const most = Array.from({ length: MOST_VALUES }, (_, index) => index);
    assert.notEqual(meanInterval(most), null);
    assert.equal(meanInterval([...most, 1]), null);
  });
});
