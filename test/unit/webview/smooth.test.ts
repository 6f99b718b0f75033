import assert from 'node:assert/strict';
import { smooth } from '../../../webview/charts/smooth.ts';

describe('smooth', () => {
  it('begins at the first value, not at zero, and leaves what is level as it is', () => {
    assert.ok(smooth([5, 5, 5, 5], 0.9).every((value) => Math.abs((value ?? NaN) - 5) < 1e-12));
  });

  it('is the moving average that its weight says', () => {
    const [first, second] = smooth([1, 3], 0.5);
    assert.equal(first, 1);
    // (0.5 · 0.5 · 1 + 0.5 · 3) / (1 − 0.25)
    assert.ok(Math.abs((second ?? NaN) - 1.75 / 0.75) < 1e-12);
  });

  it('changes nothing without weight, and leaves gaps', () => {
    assert.deepEqual(smooth([1, null, 4], 0), [1, null, 4]);
    assert.equal(smooth([1, null, 4], 0.5)[1], null);
  });
});
