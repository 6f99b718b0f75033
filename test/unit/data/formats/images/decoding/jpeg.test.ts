import assert from 'node:assert/strict';
import sharp, { type Sharp } from 'sharp';
import { decodeImage } from '../../../../../../src/data/formats/images/decoding/decodeImage.ts';
import { decodeResizedJpeg, jpegFrame } from '../../../../../../src/data/formats/images/decoding/jpeg.ts';
import { resampleImage } from '../../../../../../src/data/formats/images/resizing/resampleLikePillow.ts';
import type { Resize } from '../../../../../../src/data/resize.ts';
import { randomStream } from '../../../../../../src/data/random.ts';

const [WIDTH, HEIGHT] = [120, 90];
const to = { width: 64, height: 64, fit: 'cover' } as const;

/** Soft patches of colour. */
function picture(): Sharp {
  const random = randomStream(0, 'picture');
  const patches = Uint8Array.from({ length: 8 * 6 * 3 }, () => random.integer(256));
  const raw = { width: 8, height: 6, channels: 3 } as const;
  return sharp(patches, { raw }).resize(WIDTH, HEIGHT, { fit: 'fill', kernel: 'cubic' });
}

/** What Pillow makes of the file: decoded exactly, then resized as it does. */
async function expectedPixels(jpeg: Buffer, resize: Resize = to): Promise<Uint8Array> {
  const { data, info } = await sharp(jpeg).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return resampleImage({ width: info.width, height: info.height, pixels: data }, resize).pixels;
}

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  assert.equal(one.length, other.length);
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / one.length;
}

describe('JPEGs that are resized', () => {
  for (const [what, planes, encode] of [
    ['with halved colours', 3, (image: Sharp) => image.jpeg({ quality: 90 })],
    ['with whole colours', 3, (image: Sharp) => image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })],
    ['progressive', 3, (image: Sharp) => image.jpeg({ progressive: true })],
    ['grey', 1, (image: Sharp) => image.toColourspace('b-w').jpeg()],
  ] as const) {
    it(`are what Pillow makes of them, but for rounding: ${what}`, async () => {
      const jpeg = await encode(picture()).toBuffer();
      assert.deepEqual(jpegFrame(jpeg), { width: WIDTH, height: HEIGHT, planes, isPlain: false });
      const image = await decodeResizedJpeg(jpeg, to);
      assert.ok(image, 'libjpeg-turbo has not decoded it');
      const expected = await expectedPixels(jpeg);
      const difference = meanDifference(image.pixels, expected);
      assert.ok(difference < 1, `${difference} of 255 on average`);
      assert.deepEqual((await decodeImage(jpeg, to)).pixels, image.pixels);
    });
  }

  it('are left to libvips in four colours of ink, and where half of the size is enough', async () => {
    const inks = await picture().toColourspace('cmyk').jpeg().toBuffer();
    assert.equal(await decodeResizedJpeg(inks, to), undefined);
    assert.deepEqual((await decodeImage(inks, to)).pixels, resampleImage(await decodeImage(inks), to).pixels);
    const whole = await picture().jpeg().toBuffer();
    assert.equal(await decodeResizedJpeg(whole, { ...to, width: 32, height: 32 }), undefined);
  });

  it('lie where Pillow puts them where their sides are no multiples of what they are shrunk by', async () => {
    const jpeg = await picture()
      .resize(1000, 750, { fit: 'fill' })
      .extract({ left: 0, top: 0, width: 999, height: 747 })
      .jpeg()
      .toBuffer();
    for (const size of [
      { width: 64, height: 64, fit: 'cover' },
      { width: 320, height: 240, fit: 'stretch' },
    ] as const) {
      const difference = meanDifference((await decodeImage(jpeg, size)).pixels, await expectedPixels(jpeg, size));
      assert.ok(difference < 1, `${difference} of 255 on average`);
    }
  });

  it('are left to libvips where their planes are the colours themselves, as Adobe says', async () => {
    const jpeg = await picture().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer();
    const adobe = Buffer.from([0xff, 0xee, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 0]);
    const plain = Buffer.concat([jpeg.subarray(0, 2), adobe, jpeg.subarray(2)]);
    assert.equal(jpegFrame(plain)?.isPlain, true);
    assert.equal(await decodeResizedJpeg(plain, to), undefined);
  });

  it('are refused with the words of libvips when they are cut off, and so is what is none', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    for (const length of [0, 3, 30, 200, jpeg.length >> 1, jpeg.length - 40]) {
      const cut = jpeg.subarray(0, length);
      assert.equal(await decodeResizedJpeg(cut, to), undefined, `${length} bytes`);
      await assert.rejects(decodeImage(cut, to), `${length} bytes`);
    }
    const png = await picture().png().toBuffer();
    assert.equal(jpegFrame(png), undefined);
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
    const frame = [0xff, 0xc2, 0, 17, 8, 0, 90, 0, 120, 3, 0];
    assert.deepEqual(jpegFrame(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, ...frame)), {
      width: 120,
      height: 90,
      planes: 3,
      isPlain: false,
    });
    assert.equal(jpegFrame(Uint8Array.of(0xff, 0xd8, 0xff, 0xc4, 0, 17, 8, 0, 90, 0, 120, 3)), undefined);
  });
});
