import assert from 'node:assert/strict';
import sharp from 'sharp';
import { pngOf } from '../../../src/evaluation/pictures.ts';

async function decoded(uri: string) {
  const [head, data = ''] = uri.split(',');
  assert.equal(head, 'data:image/png;base64');
  const { data: bytes, info } = await sharp(Buffer.from(data, 'base64')).ensureAlpha().raw().toBuffer({
    resolveWithObject: true,
  });
  return { ...info, bytes: [...bytes] };
}

describe('pictures in report.html', () => {
  it('are data URIs with every pixel and its opacity', async () => {
    const colours = Uint8ClampedArray.of(230, 120, 20, 255, 45, 125, 235, 128);
    const { width, height, bytes } = await decoded(await pngOf({ width: 2, height: 1, colours }));
    assert.deepEqual([width, height], [2, 1]);
    assert.deepEqual(bytes, [...colours]);
  });

  it('are at most 64 pixels wide', async () => {
    const colours = new Uint8ClampedArray(200 * 100 * 4).fill(255);
    const { width, height } = await decoded(await pngOf({ width: 200, height: 100, colours }));
    assert.deepEqual([width, height], [64, 32]);
  });
});
