import assert from 'node:assert/strict';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { Dataset } from '../../../../../src/data/dataset.ts';
import { decodeImage, reasonNotDecoded } from '../../../../../src/data/formats/images/decoding/decodeImage.ts';
import { problemsOf, readSamples } from '../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

const [WIDTH, HEIGHT] = [6, 4];

/** A TIFF that is not packed. @param photometric how it stores colours: 5 for inks, 6 for brightness and two colours */
function inkTiff(pixels: Uint8Array, width: number, height: number, photometric = 5): Buffer {
  return tiffOf(pixels, width, height, { photometric, channels: 4, bits: 8, format: 1 });
}

/** How a TIFF stores its pixels. */
interface Storing {
  readonly photometric: number;
  readonly channels: number;
  readonly bits: number;
  /** 1 for numbers from 0 on, 2 for those below it, too, 3 for floats. */
  readonly format: number;
}

function tiffOf(pixels: Uint8Array, width: number, height: number, storing: Storing): Buffer {
  const [SHORT, LONG] = [3, 4];
  const { photometric, channels, format } = storing;
  const bits = 8 + pixels.length;
  const entries = [
    [256, SHORT, 1, width],
    [257, SHORT, 1, height],
    [258, SHORT, channels, channels > 2 ? bits : storing.bits * (channels === 2 ? 65_537 : 1)],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, photometric],
    [273, LONG, 1, 8],
    [277, SHORT, 1, channels],
    [278, SHORT, 1, height],
    [279, LONG, 1, pixels.length],
    [339, SHORT, 1, format],
  ] as const;
  const file = Buffer.alloc(bits + 2 * channels + 2 + 12 * entries.length + 4);
  file.write('II*\0', 'latin1');
  const start = bits + 2 * channels;
  file.writeUInt32LE(start, 4);
  file.set(pixels, 8);
  for (let plane = 0; plane < channels; plane++) file.writeUInt16LE(storing.bits, bits + 2 * plane);
  file.writeUInt16LE(entries.length, start);
  entries.forEach(([tag, type, count, value], index) => {
    const at = start + 2 + 12 * index;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  return file;
}

describe('kinds of images', () => {
  const data = dataFolder('test', { validation: 0.25, test: 0.25 });
  const { open, write } = data;
  /** Red on the left half, blue on the right. */
  const halves = (): Sharp => {
    const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => {
      const isLeft = Math.floor(at / 3) % WIDTH < WIDTH / 2;
      return at % 3 === (isLeft ? 0 : 2) ? 200 : 0;
    });
    return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  };

  it('are read: TIFF, AVIF, WebP, GIF, 16 bits, CMYK, palettes, opacity; what is lost is told', async () => {
    const frames = Uint8Array.from({ length: 2 * WIDTH * HEIGHT * 3 }, (_, at) => (at < WIDTH * HEIGHT * 3 ? 90 : 10));
    const kinds: Readonly<Record<string, Sharp>> = {
      'a.tiff': halves().tiff(),
      'b.avif': halves().avif({ quality: 100, chromaSubsampling: '4:4:4' }),
      'c.webp': halves().webp({ lossless: true }),
      'd.gif': sharp(frames, { raw: { width: WIDTH, height: 2 * HEIGHT, channels: 3, pageHeight: HEIGHT } }).gif(),
      'e.png': halves().toColourspace('rgb16').png(),
      'f.jpg': halves().toColourspace('cmyk').jpeg(),
      'g.png': halves().png({ palette: true }),
      'h.png': halves().ensureAlpha(0.5).png(),
    };
    for (const [name, image] of Object.entries(kinds)) {
      const bytes = await image.toBuffer();
      for (const label of ['x', 'y']) write(`${label}/${name}`, bytes);
      const { pixels } = await decodeImage(bytes);
      const [red = 0, , blue = 0] = pixels;
      if (name === 'd.gif') assert.ok(Math.abs(red - 90) <= 4, 'the first frame counts');
      else assert.ok(red > 150 && blue < 60, `${name}: ${String(red)}, ${String(blue)}`);
    }
    const text = toldOf(await open());
    for (const sentence of [
      /Of 16 images that were looked at, 2 have several frames or pages, of which the first counts\./,
      /4 have opacity, which is dropped/,
      /2 have more than 8 bits a channel/,
      /2 are in CMYK/,
    ]) {
      assert.match(text, sentence);
    }
  });

  it('in inks have the colours that Pillow computes, also where they are shrunk', async () => {
    // Cyan, magenta, yellow and black; what Pillow makes of it was computed by hand.
    const inks = Uint8Array.from({ length: 4 * 16 * 16 }, (_, at) => [181, 119, 71, 20][at % 4] ?? 0);
    const plain = inkTiff(inks, 16, 16);
    const shrunk = await decodeImage(plain, { width: 4, height: 4, fit: 'cover' });
    for (const { pixels } of [await decodeImage(plain), shrunk]) {
      assert.deepEqual([...pixels.subarray(0, 3)], [68, 125, 170]);
    }
  });

  it('are refused where a TIFF has colours that would be taken for others', async () => {
    const other = inkTiff(new Uint8Array(4 * 16 * 16), 16, 16, 6);
    await assert.rejects(decodeImage(other), /TIFF of YCbCr or L\*a\*b\*/);
  });

  it('that cannot be read are refused all at once, each kind in a sentence with the way out', async () => {
    const png = await halves().png().toBuffer();
    for (const label of ['x', 'y']) for (let index = 0; index < 3; index++) write(`${label}/${index}.png`, png);
    write('x/IMG_1.HEIC', png);
    write('x/IMG_2.HEIC', png);
    write('y/scan.dcm', png);
    const problems = await problemsOf(open());
    assert.deepEqual(
      problems.map(({ message }) => message),
      [
        `2 files, ${join('x', 'IMG_1.HEIC')} first, are HEIC, which cannot be read here.`,
        `${join('y', 'scan.dcm')} is DICOM, which cannot be read here.`,
      ],
    );
    assert.match(problems[0]?.hint ?? '', /Convert them to PNG or JPEG/);
  });

  it('are refused as pictures, in one sentence, where a TIFF holds values that are none', async () => {
    const [width, height] = [4, 4];
    const kinds: readonly (readonly [Storing, string])[] = [
      [{ photometric: 1, channels: 1, bits: 32, format: 3 }, 'floating-point numbers'],
      [{ photometric: 2, channels: 3, bits: 32, format: 3 }, 'floating-point numbers'],
      [{ photometric: 1, channels: 1, bits: 16, format: 2 }, 'numbers below zero'],
      [{ photometric: 1, channels: 1, bits: 32, format: 1 }, 'numbers of 32 bits'],
      [{ photometric: 1, channels: 13, bits: 16, format: 1 }, '13 channels'],
      [{ photometric: 1, channels: 4, bits: 8, format: 1 }, '4 channels'],
    ];
    for (const [index, [storing, what]] of kinds.entries()) {
      const pixels = new Uint8Array((width * height * storing.channels * storing.bits) / 8).fill(60);
      for (const name of ['a/0', 'a/1', 'b/0', 'b/1'])
        write(`${index}/${name}.tif`, tiffOf(pixels, width, height, storing));
      const [problem, ...others] = await problemsOf(open(String(index)));
      assert.deepEqual(others, []);
      assert.match(
        problem?.message ?? '',
        new RegExp(`^4 images, a.0.tif first, cannot be decoded: it is a TIFF of ${what}`),
      );
    }
    const grey = tiffOf(new Uint8Array(2 * width * height).fill(60), width, height, {
      ...{ photometric: 1, channels: 1, bits: 16, format: 1 },
    });
    assert.equal((await decodeImage(grey)).pixels[0], 60, '16 bits are read');
  });

  it('are told where they are all but black, as numbers of 12 bits in 16 are', async () => {
    for (const [folder, most] of [
      ['dim', 4095],
      ['bright', 65_535],
    ] as const) {
      for (let index = 0; index < 12; index++) {
        const values = Uint16Array.from({ length: WIDTH * HEIGHT }, (_, at) => ((at + index) * 997) % most);
        const image = sharp(values, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } });
        write(`${folder}/${index % 2}/${index}.png`, await image.toColourspace('grey16').png().toBuffer());
      }
    }
    assert.match(toldOf(await open('dim')), /No pixel of the images is brighter than \d+ of 255/);
    assert.doesNotMatch(toldOf(await open('bright')), /brighter than/);
  });

  it('are known by their contents where the name says another', async () => {
    const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic'), Buffer.alloc(64)]);
    await assert.rejects(decodeImage(heic), (error) => /HEIC/.test(reasonNotDecoded(error)));
  });

  for (const format of ['jpeg', 'png'] as const) {
    it(`are turned by their EXIF data only where that is asked for, and that is told: ${format}`, async () => {
      // Orientation 3: upside down, so that blue comes first.
      const bytes = await halves().withMetadata({ orientation: 3 }).toFormat(format, { quality: 100 }).toBuffer();
      for (const label of ['x', 'y'])
        for (let index = 0; index < 4; index++) write(`${label}/${index}.${format}`, bytes);
      for (const resize of [undefined, [HEIGHT, WIDTH]]) {
        const [plain, turned] = [await open('.', { resize }), await open('.', { resize, orientation: true })];
        const first = async ({ training, sampleShape }: Dataset): Promise<number> => {
          const size = sampleShape.reduce((product, length) => product * length, 1);
          return (await readSamples(training, [0], size))[0] ?? 0;
        };
        assert.ok((await first(plain)) > 0.6 && (await first(turned)) < 0.3);
        assert.match(toldOf(plain), /8 say in their EXIF data that they are to be turned, which is ignored/);
        assert.match(toldOf(turned), /8 say in their EXIF data that they are to be turned, and are/);
        assert.equal(turned.preparation.kind === 'pixels' && turned.preparation.isTurned, true);
      }
    });
  }

  it('have a middle that lies within them', async () => {
    const png = await halves().png().toBuffer();
    for (const label of ['x', 'y']) for (let index = 0; index < 4; index++) write(`${label}/${index}.png`, png);
    const dataset = await open('.', { resize: [3, 3], shorterSide: 4 });
    assert.deepEqual(dataset.sampleShape, [3, 3, 3]);
    for (const [changes, message] of [
      [{ resize: [3, 3], shorterSide: 2 }, /2 is less than the 3 pixels of dataset\.resize/],
      [{ shorterSide: 2 }, /says nothing without dataset\.resize/],
      [{ resize: [3, 3], fit: 'stretch', shorterSide: 4 }, /goes with 'cover', not with 'stretch'/],
    ] as const) {
      const [problem] = await problemsOf(open('.', changes));
      assert.match(problem?.message ?? '', message);
    }
  });
});
