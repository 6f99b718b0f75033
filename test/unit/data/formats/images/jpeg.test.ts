import assert from 'node:assert/strict';
import sharp, { type Sharp } from 'sharp';
import { decodeImage } from '../../../../../src/data/formats/images/decodeImage.ts';
import { decodeResizedJpeg, jpegSize } from '../../../../../src/data/formats/images/jpeg.ts';
import { randomStream } from '../../../../../src/data/random.ts';

const [WIDTH, HEIGHT] = [120, 90];
const to = { width: 64, height: 64, fit: 'cover' } as const;

/** Soft patches of colour. */
function picture(): Sharp {
  const random = randomStream(0, 'picture');
  const patches = Uint8Array.from({ length: 8 * 6 * 3 }, () => random.integer(256));
  const raw = { width: 8, height: 6, channels: 3 } as const;
  return sharp(patches, { raw }).resize(WIDTH, HEIGHT, { fit: 'fill', kernel: 'cubic' });
}

/** What libvips makes of the file, by itself. */
async function expectedPixels(jpeg: Buffer): Promise<Uint8Array> {
  return sharp(jpeg)
    .resize({ ...to, kernel: 'linear' })
    .toColourspace('srgb')
    .raw()
    .toBuffer();
}

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  assert.equal(one.length, other.length);
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / one.length;
}

describe('JPEGs that are resized', () => {
  for (const [what, encode] of [
    ['with halved colours', (image: Sharp) => image.jpeg({ quality: 90 })],
    ['with whole colours', (image: Sharp) => image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })],
    ['progressive', (image: Sharp) => image.jpeg({ progressive: true })],
    ['grey', (image: Sharp) => image.greyscale().jpeg()],
  ] as const) {
    it(`are what libvips makes of them, but for rounding: ${what}`, async () => {
      const jpeg = await encode(picture()).toBuffer();
      assert.deepEqual(jpegSize(jpeg), { width: WIDTH, height: HEIGHT });
      const image = await decodeResizedJpeg(jpeg, to);
      assert.ok(image, 'libjpeg-turbo has not decoded it');
      const expected = await expectedPixels(jpeg);
      const difference = meanDifference(image.pixels, expected);
      assert.ok(difference < 1.5, `${difference} of 255 on average`);
      assert.deepEqual((await decodeImage(jpeg, to)).pixels, image.pixels);
    });
  }

  it('are left to libvips in four colours of ink, and where half of the size is enough', async () => {
    const inks = await picture().toColourspace('cmyk').jpeg().toBuffer();
    assert.equal(await decodeResizedJpeg(inks, to), undefined);
    assert.ok(meanDifference((await decodeImage(inks, to)).pixels, await expectedPixels(inks)) < 0.01);
    const whole = await picture().jpeg().toBuffer();
    assert.equal(await decodeResizedJpeg(whole, { ...to, width: 32, height: 32 }), undefined);
  });

  it('are refused with the words of libvips when they are cut off, and so is what is none', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    for (const length of [0, 3, 30, 200, jpeg.length >> 1, jpeg.length - 40]) {
      const cut = jpeg.subarray(0, length);
      assert.equal(await decodeResizedJpeg(cut, to), undefined, `${length} bytes`);
      await assert.rejects(decodeImage(cut, to), `${length} bytes`);
    }
    const png = await picture().png().toBuffer();
    assert.equal(jpegSize(png), undefined);
    assert.equal(await decodeResizedJpeg(png, to), undefined);
  });

  it('do not crash anything when they are damaged', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    const random = randomStream(1, 'damage');
    for (let round = 0; round < 200; round++) {
      const damaged = Buffer.from(jpeg);
      for (let change = 0; change < 4; change++) damaged[random.integer(damaged.length)] = random.integer(256);
      const image = await decodeImage(damaged, to).catch((error: unknown) => error);
      if (!(image instanceof Error)) assert.equal((image as { readonly width: number }).width, to.width);
    }
  });

  it('have their size read behind padded markers and application data', () => {
    const frame = [0xff, 0xc2, 0, 17, 8, 0, 90, 0, 120, 3];
    assert.deepEqual(jpegSize(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, ...frame)), {
      width: 120,
      height: 90,
    });
    assert.equal(jpegSize(Uint8Array.of(0xff, 0xd8, 0xff, 0xc4, 0, 17, 8, 0, 90, 0, 120, 3)), undefined);
  });
});
