import assert from 'node:assert/strict';
import sharp from 'sharp';
import type { Resize } from '../../../../../../src/data/resize.ts';
import type { RgbImage } from '../../../../../../src/data/formats/images/decoding/bmp.ts';
import { decodeImage } from '../../../../../../src/data/formats/images/decoding/decodeImage.ts';
import { resampleImage } from '../../../../../../src/data/formats/images/resizing/resampleLikePillow.ts';

/** Red, green and blue that change from pixel to pixel. */
function patterned(width: number, height: number): RgbImage {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y, channel] = [Math.floor(at / 3) % width, Math.floor(at / (3 * width)), at % 3];
    return (37 * x + 91 * y + 53 * channel + 7 * x * y) % 256;
  });
  return { width, height, pixels };
}

/**
 * What Pillow 13.0 makes of it: with a shorter side what torchvision's `Resize(shorterSide)` and `CenterCrop((height, width))` compute with it, in
 * bars what `ImageOps.pad(image, (width, height), BILINEAR)` does.
 */
// prettier-ignore
const ofPillow: readonly { width: number; height: number; to: Resize; pixels: readonly number[] }[] = [
  { width: 7, height: 5, to: { height: 3, width: 3, fit: 'cover', shorterSide: 4 }, pixels: [83, 136, 154, 127, 140, 181, 131, 184, 152, 142, 148, 118, 136, 94, 120, 82, 135, 140, 112, 117, 170, 144, 170, 128, 158, 128, 133] },
  { width: 7, height: 5, to: { height: 5, width: 6, fit: 'cover', shorterSide: 8 }, pixels: [144, 182, 214, 162, 210, 89, 186, 152, 52, 214, 27, 80, 89, 55, 108, 31, 84, 132, 191, 84, 130, 110, 115, 110, 93, 117, 119, 124, 97, 150, 104, 128, 181, 106, 159, 164, 172, 66, 119, 94, 99, 152, 80, 133, 157, 114, 167, 140, 148, 150, 174, 160, 155, 160, 88, 127, 180, 115, 164, 217, 147, 200, 166, 184, 237, 50, 221, 121, 87, 192, 70, 119, 136, 176, 98, 175, 123, 137, 162, 124, 136, 110, 163, 104, 149, 131, 143, 158, 130, 144] },
  { width: 5, height: 9, to: { height: 4, width: 3, fit: 'cover', shorterSide: 4 }, pixels: [91, 121, 104, 117, 115, 168, 127, 180, 139, 114, 167, 146, 161, 140, 89, 133, 112, 120, 117, 170, 101, 82, 135, 149, 114, 167, 87, 105, 123, 176, 143, 114, 119, 90, 143, 147] },
  { width: 7, height: 5, to: { height: 4, width: 4, fit: 'letterbox' }, pixels: [60, 113, 161, 122, 145, 141, 117, 139, 163, 149, 125, 115, 145, 137, 113, 117, 126, 134, 130, 138, 147, 151, 127, 119, 101, 147, 138, 157, 134, 127, 144, 140, 133, 158, 129, 119, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
  { width: 5, height: 9, to: { height: 6, width: 7, fit: 'letterbox' }, pixels: [0, 0, 0, 0, 0, 0, 51, 104, 157, 113, 145, 145, 121, 133, 186, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 155, 147, 118, 122, 124, 123, 119, 119, 160, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 91, 132, 132, 144, 143, 145, 164, 136, 128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 120, 173, 108, 124, 129, 116, 146, 118, 110, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 105, 121, 158, 117, 151, 119, 114, 102, 143, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 152, 73, 126, 128, 124, 177, 157, 87, 140, 0, 0, 0, 0, 0, 0] },
  { width: 7, height: 5, to: { height: 8, width: 12, fit: 'letterbox' }, pixels: [0, 53, 106, 17, 70, 123, 40, 93, 146, 64, 117, 170, 87, 140, 193, 111, 164, 217, 135, 188, 241, 158, 211, 194, 182, 235, 55, 205, 119, 55, 222, 19, 72, 0, 0, 0, 40, 93, 146, 58, 111, 164, 83, 136, 179, 109, 162, 134, 134, 147, 128, 160, 101, 154, 114, 127, 180, 99, 152, 166, 125, 178, 100, 150, 125, 112, 168, 77, 130, 0, 0, 0, 97, 150, 187, 117, 163, 207, 144, 182, 214, 162, 210, 89, 186, 152, 52, 214, 27, 80, 89, 55, 108, 31, 84, 132, 59, 112, 150, 87, 131, 177, 107, 144, 197, 0, 0, 0, 154, 207, 84, 176, 149, 106, 191, 84, 130, 110, 115, 110, 93, 117, 119, 124, 97, 150, 104, 128, 181, 106, 159, 164, 137, 190, 83, 168, 125, 98, 190, 67, 120, 0, 0, 0, 130, 183, 60, 154, 128, 84, 172, 66, 119, 94, 99, 152, 80, 133, 157, 114, 167, 140, 148, 150, 174, 160, 155, 160, 143, 188, 82, 170, 126, 100, 194, 71, 124, 0, 0, 0, 27, 80, 117, 53, 99, 143, 88, 127, 180, 115, 164, 217, 147, 200, 166, 184, 237, 50, 221, 121, 87, 192, 70, 119, 76, 107, 146, 91, 135, 181, 117, 154, 207, 0, 0, 0, 68, 121, 174, 96, 149, 137, 136, 176, 98, 175, 123, 137, 162, 124, 136, 110, 163, 104, 149, 131, 143, 158, 130, 144, 126, 169, 91, 156, 130, 118, 184, 93, 146, 0, 0, 0, 108, 161, 214, 138, 191, 127, 179, 209, 29, 220, 87, 70, 169, 59, 112, 47, 100, 153, 88, 141, 194, 130, 183, 166, 171, 224, 44, 212, 126, 62, 242, 39, 92, 0, 0, 0] },
];

describe('ways to bring images to one size', () => {
  for (const { width, height, to, pixels } of ofPillow) {
    const how = to.fit === 'letterbox' ? 'between bars' : `from a shorter side of ${to.shorterSide ?? 0}`;
    it(`are Pillow's bit by bit: ${width}×${height} to ${to.width}×${to.height}, ${how}`, async () => {
      const image = patterned(width, height);
      assert.deepEqual([...resampleImage(image, to).pixels], pixels);
      const png = await sharp(image.pixels, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer();
      assert.deepEqual([...(await decodeImage(png, to)).pixels], pixels);
    });
  }

  it('are the same for JPEGs where they are to be as elsewhere, and within two levels on average where speed goes first', async () => {
    const [width, height] = [64, 48];
    const smooth = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / (3 * width))];
      return 128 + 60 * Math.sin(x / 9 + (at % 3)) + 60 * Math.cos(y / 7);
    });
    const jpeg = await sharp(smooth, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const whole = await decodeImage(jpeg);
    for (const [to, most] of [
      [{ height: 24, width: 24, fit: 'cover', shorterSide: 28 }, 0],
      [{ height: 16, width: 16, fit: 'cover', shorterSide: 20 }, 0],
      [{ height: 32, width: 32, fit: 'letterbox' }, 0],
      [{ height: 40, width: 40, fit: 'stretch' }, 2],
    ] as const satisfies readonly (readonly [Resize, number])[]) {
      const exact = resampleImage(whole, to).pixels;
      const { pixels } = await decodeImage(jpeg, to);
      const difference = pixels.reduce((sum, value, at) => sum + Math.abs(value - (exact[at] ?? 0)), 0) / exact.length;
      assert.ok(difference <= most, `${to.fit} ${to.height}: ${difference} levels`);
    }
  });
});
