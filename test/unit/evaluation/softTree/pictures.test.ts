import assert from 'node:assert/strict';
import sharp from 'sharp';
import { filterPicture, samplePicture } from '../../../../src/evaluation/softTree/pictures.ts';

async function pixelsOf(uri: string) {
  const [head, data = ''] = uri.split(',');
  assert.equal(head, 'data:image/png;base64');
  const { data: bytes, info } = await sharp(Buffer.from(data, 'base64')).raw().toBuffer({ resolveWithObject: true });
  return { ...info, pixels: [...bytes] };
}

describe('pictures of a soft decision tree', () => {
  it('show a weight to the right in orange, one to the left in blue, each as opaque as it is strong', async () => {
    const { width, height, channels, pixels } = await pixelsOf(await filterPicture([2, -1, 0, 0.5], [1, 2, 2]));
    assert.deepEqual([width, height, channels], [2, 2, 4]);
    const [right, left, none, weak] = [0, 4, 8, 12].map((start) => pixels.slice(start, start + 4));
    assert.ok(right![0]! > 200 && right![2]! < 60 && right![3] === 255);
    assert.ok(left![2]! > 200 && left![0]! < 60 && left![3] === 128);
    assert.equal(none![3], 0);
    assert.equal(weak![3], 64);
  });

  it('add the channels of a filter up', async () => {
    const { pixels } = await pixelsOf(await filterPicture([1, 1, -1, 0.5], [2, 1, 2]));
    assert.deepEqual([pixels[3], pixels[7]], [0, 255]);
  });

  it('stay clear where all weights are 0', async () => {
    const { pixels } = await pixelsOf(await filterPicture([0, 0], [1, 1, 2]));
    assert.deepEqual([pixels[3], pixels[7]], [0, 0]);
  });

  it('stretch a sample from black to white, in its colours', async () => {
    const grey = await pixelsOf(await samplePicture([-1, 0, 1, 0], [1, 2, 2]));
    assert.deepEqual(
      grey.pixels.filter((_, index) => index % grey.channels === 0),
      [0, 128, 255, 128],
    );
    const colour = await pixelsOf(await samplePicture([1, 0, 0, 1, 0, 0.2], [3, 1, 2]));
    assert.deepEqual(colour.pixels, [255, 0, 0, 0, 255, 51]);
  });

  it('are at most 64 pixels wide', async () => {
    const { width, height } = await pixelsOf(await samplePicture(new Array<number>(200 * 100).fill(1), [1, 100, 200]));
    assert.deepEqual([width, height], [64, 32]);
  });
});
