import assert from 'node:assert/strict';
import { DIGIT_BYTES, DigitPainter } from '../../../../../src/data/formats/digits/digitPainter.ts';
import { GLYPHS } from '../../../../../src/data/formats/digits/glyphs.ts';

function draw(label: number, seed: number, index: number, painter = new DigitPainter()): Uint8Array {
  const image = new Uint8Array(DIGIT_BYTES);
  painter.draw(label, seed, index, image);
  return image;
}

describe('digit painter', () => {
  it('draws a sample alike whatever was drawn before', () => {
    const painter = new DigitPainter();
    const first = Array.from({ length: 40 }, (_, index) => draw(index % 10, 5, index, painter));
    for (let index = 39; index >= 0; index--) {
      assert.deepEqual(draw(index % 10, 5, index, painter), first[index]);
    }
    assert.deepEqual(draw(7, 5, 17), first[17]);
  });

  it('draws other samples differently', () => {
    const images = [draw(3, 0, 0), draw(3, 0, 1), draw(3, 1, 0), draw(3, 1, 1), draw(8, 0, 0)];
    assert.equal(new Set(images.map((image) => image.join())).size, images.length);
  });

  it('writes ink on a dark ground, mostly within the image', () => {
    for (let index = 0; index < 300; index++) {
      const image = draw(index % 10, 0, index);
      const inked = image.filter((byte) => byte > 100).length;
      assert.ok(inked > 15 && inked < 330, `sample ${index} has ${inked} inked pixels`);
      const border = image.filter((_, pixel) => {
        const [row, column] = [Math.floor(pixel / 28), pixel % 28];
        return row === 0 || row === 27 || column === 0 || column === 27;
      });
      assert.ok(border.filter((byte) => byte > 100).length < 14, `sample ${index} leaves the image`);
    }
  });

  it('knows several ways to write every digit, all within the box', () => {
    assert.equal(GLYPHS.length, 10);
    for (const glyphs of GLYPHS) {
      assert.ok(glyphs.length >= 3);
      for (const { strokes } of glyphs) {
        for (const [x, y] of strokes.flat()) assert.ok(x > 0.1 && x < 0.9 && y > 0 && y < 1);
      }
    }
  });

  it('draws digits that can be told apart, but not by their mean images alone', () => {
    const perClass = 60;
    const means = Array.from({ length: 10 }, (_, label) => {
      const mean = new Float64Array(DIGIT_BYTES);
      for (let index = 0; index < perClass; index++) {
        for (const [pixel, byte] of draw(label, 0, index * 10 + label).entries()) mean[pixel]! += byte / perClass;
      }
      return mean;
    });
    const distance = (image: Uint8Array, mean: Float64Array): number =>
      image.reduce((sum, byte, pixel) => sum + (byte - mean[pixel]!) ** 2, 0);
    let right = 0;
    for (let index = 0; index < 500; index++) {
      const image = draw(index % 10, 1, index);
      const distances = means.map((mean) => distance(image, mean));
      if (distances.indexOf(Math.min(...distances)) === index % 10) right++;
    }
    assert.ok(right > 300 && right < 450, `${right} of 500 are nearest to the mean of their class`);
  });
});
