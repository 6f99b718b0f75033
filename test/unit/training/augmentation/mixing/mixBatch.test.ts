import assert from 'node:assert/strict';
import { mixRows, mixSamples } from '../../../../../src/training/augmentation/mixing/mixBatch.ts';

describe('mixing a batch', () => {
  it('blends rows with those of their partners as they were before', () => {
    const rows = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    mixRows(rows, { share: 0.75, partners: Int32Array.of(1, 2, 0) });
    assert.deepEqual([...rows], [0.75, 0.25, 0, 0, 0.75, 0.25, 0.25, 0, 0.75]);
  });

  it('blends samples of any shape', () => {
    const samples = Float32Array.of(0, 2, 4, 8);
    mixSamples(samples, [2, 1], { share: 0.5, partners: Int32Array.of(1, 1) });
    assert.deepEqual([...samples], [2, 5, 4, 8]);
  });

  it('pastes the rectangle of every channel of the partner', () => {
    // Two images of two channels, 2 rows and 3 columns; element = 100 · image + 10 · channel + position
    const element = (index: number): number =>
      100 * Math.floor(index / 12) + 10 * Math.floor((index % 12) / 6) + (index % 6);
    const samples = Float32Array.from({ length: 24 }, (_, index) => element(index));
    const box = { top: 1, bottom: 2, left: 1, right: 3 };
    mixSamples(samples, [2, 2, 3], { share: 1 - 2 / 6, partners: Int32Array.of(1, 0), box });
    assert.deepEqual(
      [...samples],
      [0, 1, 2, 3, 104, 105, 10, 11, 12, 13, 114, 115, 100, 101, 102, 103, 4, 5, 110, 111, 112, 113, 14, 15],
    );
  });

  it('leaves a batch alone whose rectangle is empty', () => {
    const samples = Float32Array.from({ length: 8 }, (_, index) => index);
    mixSamples(samples, [1, 2, 2], {
      share: 1,
      partners: Int32Array.of(1, 0),
      box: { top: 1, bottom: 1, left: 0, right: 2 },
    });
    assert.deepEqual([...samples], [0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
