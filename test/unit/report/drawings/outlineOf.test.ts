import assert from 'node:assert/strict';
import { outlineOf } from '../../../../src/report/drawings/outlineOf.ts';

describe('outlineOf', () => {
  it('leaves a line alone whose points are a pixel apart', () => {
    const points = [3, 1, 2].map((y, x) => ({ x, y }));
    assert.deepEqual(outlineOf(points), points);
  });

  it('keeps of those in a column of pixels the first, the highest, the lowest and the last, in their order', () => {
    const column = [5, 6, 9, 4, 1, 3].map((y, place) => ({ x: 7 + place / 10, y }));
    const next = { x: 8, y: 2 };
    assert.deepEqual(
      outlineOf([...column, next]).map(({ y }) => y),
      [5, 9, 1, 3, 2],
    );
    const rising = [1, 2, 3].map((y) => ({ x: 0, y }));
    assert.deepEqual(
      outlineOf(rising).map(({ y }) => y),
      [1, 3],
    );
    assert.deepEqual(outlineOf([]), []);
  });
});
