import assert from 'node:assert/strict';
import { zoomByKey } from '../../../webview/charts/chartView.ts';

describe('zoomByKey', () => {
  it('halves the range around its middle and doubles it again', () => {
    assert.deepEqual(zoomByKey('+', { from: 0, to: 10 }, 10), { from: 2.5, to: 7.5 });
    assert.deepEqual(zoomByKey('+', { from: 2.5, to: 7.5 }, 10), { from: 3.75, to: 6.25 });
    assert.equal(zoomByKey('-', { from: 2.5, to: 7.5 }, 10), undefined, 'the whole');
    assert.deepEqual(zoomByKey('-', { from: 4, to: 5 }, 10), { from: 3.5, to: 5.5 });
  });

  it('stops at the ends', () => {
    assert.deepEqual(zoomByKey('ArrowLeft', { from: 0.5, to: 4.5 }, 10), { from: 0, to: 4 });
    assert.deepEqual(zoomByKey('ArrowRight', { from: 6, to: 10 }, 10), { from: 6, to: 10 });
    assert.deepEqual(zoomByKey('ArrowRight', { from: 2, to: 6 }, 10), { from: 3, to: 7 });
  });

  it('goes back to the whole, and leaves other keys alone', () => {
    assert.equal(zoomByKey('0', { from: 2, to: 6 }, 10), undefined);
    assert.equal(zoomByKey('Tab', { from: 2, to: 6 }, 10), null);
  });
});
