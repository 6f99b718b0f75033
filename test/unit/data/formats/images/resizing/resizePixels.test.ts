import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import loadWabt from 'wabt';
import type { Resize } from '../../../../../../src/data/resize.ts';
import { isResizable, resizePixels } from '../../../../../../src/data/formats/images/resizing/resizePixels.ts';
import { resizeProgram } from '../../../../../../src/data/formats/images/resizing/resizeProgram.ts';
import { randomStream } from '../../../../../../src/data/random.ts';

/** Noise, whose neighbours have nothing in common. */
function noise(width: number, height: number): Uint8Array {
  const random = randomStream(width, String(height));
  return Uint8Array.from({ length: 4 * width * height }, () => random.integer(256));
}

/** Along one axis: the mean under a triangle around each pixel of the result, in float64. */
function weightsAlong(
  source: number,
  kept: number,
  whole: number,
): { readonly from: number; readonly shares: number[] }[] {
  const scale = source / whole;
  const reach = Math.max(1, scale);
  return Array.from({ length: kept }, (_, index) => {
    const centre = (Math.floor((whole - kept + 1) / 2) + index + 0.5) * scale;
    const shares = Array.from({ length: source }, (_share, at) => Math.max(0, 1 - Math.abs(at + 0.5 - centre) / reach));
    const sum = shares.reduce((total, share) => total + share);
    const from = shares.findIndex((share) => share > 0);
    return {
      from,
      shares: shares
        .slice(from)
        .filter((share) => share > 0)
        .map((share) => share / sum),
    };
  });
}

function expectedPixels(pixels: Uint8Array, width: number, height: number, to: Resize): Float64Array {
  const scale = Math.min(width / to.width, height / to.height);
  const isCover = to.fit === 'cover';
  const columns = weightsAlong(width, to.width, isCover ? Math.round(width / scale) : to.width);
  const rows = weightsAlong(height, to.height, isCover ? Math.round(height / scale) : to.height);
  const result = new Float64Array(3 * to.width * to.height);
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      for (let channel = 0; channel < 3; channel++) {
        let value = 0;
        row.shares.forEach((rowShare, i) => {
          column.shares.forEach((share, j) => {
            value += rowShare * share * pixels[4 * ((row.from + i) * width + column.from + j) + channel]!;
          });
        });
        result[3 * (y * to.width + x) + channel] = value;
      }
    });
  });
  return result;
}

describe('resizePixels', () => {
  it('is the program that its source assembles to', async () => {
    const folder = new URL('../../../../../../src/data/formats/images/resizing/', import.meta.url);
    const wabt = await loadWabt();
    const source = wabt.parseWat('resize.wat', readFileSync(new URL('resize.wat', folder), 'utf8'), { simd: true });
    assert.equal(
      Buffer.from(source.toBinary({}).buffer).toString('base64'),
      resizeProgram,
      'npm run generate:programs',
    );
  });

  for (const [width, height, to] of [
    [50, 37, { width: 32, height: 24, fit: 'stretch' }],
    [50, 37, { width: 28, height: 28, fit: 'cover' }],
    [37, 50, { width: 28, height: 27, fit: 'cover' }],
    [9, 7, { width: 31, height: 17, fit: 'stretch' }],
    [8, 8, { width: 8, height: 8, fit: 'cover' }],
    [4, 4, { width: 3, height: 3, fit: 'cover' }],
    [5, 4, { width: 1024, height: 600, fit: 'cover' }],
    [4, 90, { width: 5, height: 46, fit: 'stretch' }],
  ] as const) {
    it(`is bilinear interpolation: ${width}×${height} to ${to.width}×${to.height}, ${to.fit}`, () => {
      assert.ok(isResizable({ width, height }, to));
      const pixels = noise(width, height);
      const image = resizePixels({ width, height }, to, (target) => {
        target.set(pixels);
      });
      assert.deepEqual(
        [image.width, image.height, image.pixels.length],
        [to.width, to.height, 3 * to.width * to.height],
      );
      const expected = expectedPixels(pixels, width, height, to);
      // Two roundings to bytes, and weights of 1/256 for each of four neighbours along both axes.
      image.pixels.forEach((value, at) => {
        assert.ok(Math.abs(value - expected[at]!) < 3, `${value} instead of ${expected[at]} at ${at}`);
      });
      const mean =
        image.pixels.reduce((sum, value, at) => sum + Math.abs(value - expected[at]!), 0) / image.pixels.length;
      assert.ok(mean < 0.6, `${mean} on average`);
    });
  }

  it('keeps the extremes of bytes', () => {
    for (const value of [0, 255]) {
      const image = resizePixels({ width: 40, height: 30 }, { width: 23, height: 17, fit: 'cover' }, (target) => {
        target.fill(value);
      });
      assert.deepEqual(new Set(image.pixels), new Set([value]));
    }
  });

  it('is close to what libvips does, and cuts the same from both sides', async () => {
    const [width, height] = [101, 75];
    const soft = await sharp(noise(9, 7), { raw: { width: 9, height: 7, channels: 4 } })
      .removeAlpha()
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .ensureAlpha()
      .raw()
      .toBuffer();
    for (const [columns, rows] of [
      [64, 64],
      [90, 40],
    ] as const) {
      const ours = resizePixels({ width, height }, { width: columns, height: rows, fit: 'cover' }, (target) => {
        target.set(soft);
      });
      const theirs = await sharp(soft, { raw: { width, height, channels: 4 } })
        .removeAlpha()
        .resize(columns, rows, { fit: 'cover', kernel: 'linear' })
        .raw()
        .toBuffer();
      const mean = ours.pixels.reduce((sum, value, at) => sum + Math.abs(value - theirs[at]!), 0) / theirs.length;
      assert.ok(mean < 1, `${columns}×${rows}: ${mean} on average`);
    }
  });

  it('leaves to others what takes more than four neighbours', () => {
    const to = { width: 224, height: 224, fit: 'cover' } as const;
    assert.ok(isResizable({ width: 500, height: 375 }, to));
    assert.ok(isResizable({ width: 2000, height: 447 }, to));
    assert.ok(!isResizable({ width: 500, height: 448 }, to));
    assert.ok(!isResizable({ width: 500, height: 375 }, { ...to, fit: 'stretch' }));
    assert.ok(!isResizable({ width: 3, height: 375 }, to));
    assert.ok(!isResizable({ width: 90_000, height: 400 }, { ...to, width: 30_000 }));
  });
});
