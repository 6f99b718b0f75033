import assert from 'node:assert/strict';
import { nearestIndex } from '../../../webview/components/nearestIndex.ts';
import { withFirstWidth, withLayers } from '../../../webview/form/student/layerWidths.ts';

describe('layer widths', () => {
  it('of further layers are those of the last one, or the usual ones where there was none', () => {
    assert.deepEqual(withLayers([64, 32], 4, 10), [64, 32, 32, 32]);
    assert.deepEqual(withLayers([64, 32], 1, 10), [64]);
    assert.deepEqual(withLayers([], 2, 10), [10, 10]);
  });

  it('keep their proportions when the first one changes', () => {
    assert.deepEqual(withFirstWidth([16, 32, 64], 24), [24, 48, 96]);
    assert.deepEqual(withFirstWidth([100, 1], 2), [2, 1]);
    assert.deepEqual(withFirstWidth([], 2), []);
  });
});

describe('nearestIndex', () => {
  it('is where a value lies on a scale', () => {
    const scale = [2, 4, 8, 16];
    assert.deepEqual(
      [1, 2, 5, 7, 16, 1000, NaN].map((value) => nearestIndex(scale, value)),
      [0, 0, 1, 2, 3, 3, 0],
    );
  });
});
