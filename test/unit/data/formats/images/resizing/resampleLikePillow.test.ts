import assert from 'node:assert/strict';
import sharp from 'sharp';
import { decodeImage } from '../../../../../../src/data/formats/images/decoding/decodeImage.ts';
import { resampleImage } from '../../../../../../src/data/formats/images/resizing/resampleLikePillow.ts';

/** 7 × 5 pixels of red, green and blue. */
const image = {
  width: 7,
  height: 5,
  pixels: Uint8Array.from({ length: 105 }, (_, at) => {
    const [x, y, channel] = [Math.floor(at / 3) % 7, Math.floor(at / 21), at % 3];
    return (37 * x + 91 * y + 53 * channel + 7 * x * y) % 256;
  }),
};

/** What Pillow 13.0 makes of it: `Image.fromarray(pixels).resize((width, height), Image.BILINEAR)`. */
const ofPillow: readonly (readonly [width: number, height: number, pixels: readonly number[]])[] = [
  [3, 2, [105, 133, 143, 125, 129, 144, 133, 134, 127, 124, 135, 130, 139, 140, 134, 151, 132, 125]],
  [
    7,
    2,
    [
      79, 132, 127, 123, 118, 171, 109, 162, 110, 153, 101, 143, 92, 134, 187, 125, 178, 91, 169, 82, 135, 87, 140, 135,
      145, 140, 111, 145, 116, 158, 121, 163, 111, 168, 116, 169, 121, 174, 87, 179, 92, 145,
    ],
  ],
  [
    9,
    7,
    [
      0, 53, 106, 25, 78, 131, 53, 106, 159, 82, 135, 188, 111, 164, 217, 140, 193, 246, 169, 222, 132, 197, 165, 47,
      222, 19, 72, 52, 105, 158, 79, 132, 185, 111, 164, 152, 143, 164, 103, 175, 82, 135, 93, 114, 167, 92, 145, 137,
      124, 141, 121, 152, 95, 148, 117, 170, 150, 147, 152, 180, 151, 164, 135, 146, 158, 69, 182, 52, 105, 75, 88, 141,
      70, 123, 136, 107, 135, 139, 137, 117, 170, 182, 235, 32, 216, 98, 66, 142, 53, 106, 39, 92, 145, 79, 132, 185,
      119, 172, 225, 158, 211, 122, 198, 166, 48, 232, 29, 82, 64, 117, 97, 102, 106, 135, 113, 125, 178, 115, 168, 181,
      159, 212, 82, 203, 113, 126, 144, 116, 128, 107, 135, 139, 144, 124, 177, 56, 109, 162, 97, 150, 130, 144, 148,
      141, 167, 135, 155, 129, 182, 89, 177, 116, 137, 143, 131, 123, 125, 141, 122, 166, 109, 162, 108, 161, 214, 151,
      204, 87, 202, 141, 52, 196, 49, 102, 47, 100, 153, 98, 151, 204, 148, 201, 112, 199, 166, 49, 242, 39, 92,
    ],
  ],
];

describe('resampleImage', () => {
  it('gives what Pillow gives, bit by bit, larger and smaller', async () => {
    const raw = { width: image.width, height: image.height, channels: 3 } as const;
    const png = await sharp(image.pixels, { raw }).png().toBuffer();
    for (const [width, height, wanted] of ofPillow) {
      const to = { width, height, fit: 'stretch' } as const;
      assert.deepEqual([...resampleImage(image, to).pixels], wanted);
      assert.deepEqual([...(await decodeImage(png, to)).pixels], wanted);
    }
  });

  it('leaves the size that there is as it is, and crops both sides alike', () => {
    assert.deepEqual(resampleImage(image, { width: 7, height: 5, fit: 'stretch' }), image);
    const { pixels } = resampleImage(image, { width: 3, height: 5, fit: 'cover' });
    const middle = [0, 1, 2, 3, 4].flatMap((row) => [...image.pixels.subarray(21 * row + 6, 21 * row + 15)]);
    assert.deepEqual([...pixels], middle);
  });

  it('does not mix opacity into colours', async () => {
    const clear = Uint8Array.from({ length: 64 }, (_, at) => (at % 4 === 3 ? (at % 8 === 7 ? 0 : 255) : 4 * (at >> 2)));
    const png = await sharp(clear, { raw: { width: 4, height: 4, channels: 4 } })
      .png()
      .toBuffer();
    const { pixels } = await decodeImage(png, { width: 2, height: 2, fit: 'stretch' });
    const opaque = Uint8Array.from({ length: 48 }, (_, at) => 4 * Math.floor(at / 3));
    const wanted = resampleImage({ width: 4, height: 4, pixels: opaque }, { width: 2, height: 2, fit: 'stretch' });
    assert.deepEqual(pixels, wanted.pixels);
  });
});
