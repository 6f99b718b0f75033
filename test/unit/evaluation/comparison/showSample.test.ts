import assert from 'node:assert/strict';
import { showSample } from '../../../../src/evaluation/comparison/showSample.ts';

describe('showSample', () => {
  it('draws an image', async () => {
    const shown = await showSample(Float32Array.of(0, 1, 1, 0), [1, 2, 2], { kind: 'pixels', normalization: null });
    assert.ok(shown?.kind === 'picture' && shown.picture.startsWith('data:image/png;base64,'));
  });

  it('draws the channels of a series as curves, with gaps where there is no number', async () => {
    const values = Float32Array.of(0, 1, NaN, 1, 0, 5, 5, 5, 5, 5);
    const shown = await showSample(values, [2, 5], { kind: 'arrays', normalization: null });
    assert.ok(shown?.kind === 'series');
    const { default: sharp } = await import('sharp');
    const { data, info } = await sharp(Buffer.from(shown.picture.split(',')[1] ?? '', 'base64'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height, info.channels], [240, 80, 4]);
    const isDrawn = (column: number): boolean =>
      Array.from({ length: 60 }, (_, row) => data[4 * ((row + 15) * 240 + column) + 3] ?? 0).some(
        (alpha) => alpha > 128,
      );
    assert.deepEqual([isDrawn(30), isDrawn(120)], [true, false]);
  });

  it('writes a row with its columns in their own units', async () => {
    const shown = await showSample(Float32Array.of(2, 0, 1, 0, 1), [5], {
      kind: 'table',
      columns: [
        { name: 'age', kind: 'number', mean: 40, std: 10, fill: 0 },
        { name: 'port', kind: 'category', categories: ['C', 'Q', 'S'], missing: false },
        { name: 'sex', kind: 'category', categories: ['female', 'male'], missing: false },
      ],
      targets: [],
    });
    assert.deepEqual(shown, {
      kind: 'features',
      features: [
        { name: 'age', value: '60' },
        { name: 'port', value: 'Q' },
        { name: 'sex', value: 'male' },
      ],
    });
  });

  it('writes zero where a table has zero, whatever single precision makes of it', async () => {
    const [mean, std] = [79.79948, 115.24335];
    const column = { name: 'insulin', kind: 'number', mean, std, fill: 0 } as const;
    const shown = await showSample(Float32Array.of(-mean / std), [1], {
      kind: 'table',
      columns: [column],
      targets: [],
    });
    assert.deepEqual(shown, { kind: 'features', features: [{ name: 'insulin', value: '0' }] });
    const tiny = { ...column, mean: 0, std: 1 };
    const small = await showSample(Float32Array.of(1e-9), [1], { kind: 'table', columns: [tiny], targets: [] });
    assert.deepEqual(small, { kind: 'features', features: [{ name: 'insulin', value: '1e-9' }] });
  });

  it('writes a text with the words of its tokens', async () => {
    const preparation = {
      kind: 'text',
      columns: ['text'],
      tokens: { kind: 'words', words: ['good', 'film'] },
      length: 4,
      padding: 0,
      targets: [],
    } as const;
    const shown = await showSample(Float32Array.of(2, 1, 3, 0), [4], preparation);
    assert.deepEqual(shown, { kind: 'text', text: 'good … film' });
  });

  it('shows no numbers that nobody can look at', async () => {
    assert.equal(await showSample(Float32Array.of(1, 2), [2], { kind: 'arrays', normalization: null }), null);
  });
});
