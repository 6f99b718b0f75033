import assert from 'node:assert/strict';
import { filterPixels, samplePixels, type Pixels } from '../../../../src/report/drawings/pixels.ts';

/** Red, green, blue and opacity of every pixel. */
function pixelsOf({ width, height, colours }: Pixels): number[][] {
  assert.equal(colours.length, width * height * 4);
  return Array.from({ length: width * height }, (_, pixel) => [...colours.subarray(pixel * 4, pixel * 4 + 4)]);
}

describe('pictures of a soft decision tree', () => {
  it('show a weight to the right in orange, one to the left in blue, each as opaque as it is strong', () => {
    const picture = filterPixels([2, -1, 0, 0.5], [1, 2, 2]);
    assert.deepEqual([picture.width, picture.height], [2, 2]);
    const [right, left, none, weak] = pixelsOf(picture);
    assert.ok(right![0]! > 200 && right![2]! < 60 && right![3] === 255);
    assert.ok(left![2]! > 200 && left![0]! < 60 && left![3] === 128);
    assert.equal(none![3], 0);
    assert.equal(weak![3], 64);
  });

  it('add the channels of a filter up', () => {
    const opacities = pixelsOf(filterPixels([1, 1, -1, 0.5], [2, 1, 2])).map(([, , , opacity]) => opacity);
    assert.deepEqual(opacities, [0, 255]);
  });

  it('stay clear where all weights are 0', () => {
    const opacities = pixelsOf(filterPixels([0, 0], [1, 1, 2])).map(([, , , opacity]) => opacity);
    assert.deepEqual(opacities, [0, 0]);
  });

  it('stretch a sample from black to white, in its colours', () => {
    const grey = [0, 128, 255, 128].map((level) => [level, level, level, 255]);
    assert.deepEqual(pixelsOf(samplePixels([-1, 0, 1, 0], [1, 2, 2])), grey);
    assert.deepEqual(pixelsOf(samplePixels([1, 0, 0, 1, 0, 0.2], [3, 1, 2])), [
      [255, 0, 0, 255],
      [0, 255, 51, 255],
    ]);
  });

  it('are the mean of two channels', () => {
    const [dark, bright] = pixelsOf(samplePixels([0, 2, 0, 4], [2, 1, 2]));
    assert.deepEqual(dark, [0, 0, 0, 255]);
    assert.deepEqual(bright, [255, 255, 255, 255]);
  });
});
