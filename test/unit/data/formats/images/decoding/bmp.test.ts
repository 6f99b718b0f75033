import assert from 'node:assert/strict';
import { decodeBmp, isBmp } from '../../../../../../src/data/formats/images/decoding/bmp.ts';
import { bmpFile } from '../../../../../support/datasets.ts';

const RED = [255, 0, 0];
const GREEN = [0, 255, 0];
const BLUE = [0, 0, 255];
const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];

describe('BMP', () => {
  // Rows of a bitmap start from the bottom, colours are blue, green, red, and rows are filled up to four bytes.
  const bottomUp = [
    [...BLUE.toReversed(), ...WHITE.toReversed(), 0, 0],
    [...RED.toReversed(), ...GREEN.toReversed(), 0, 0],
  ].flat();

  it('of 24 bits is decoded from the bottom', () => {
    const file = bmpFile({ width: 2, height: 2, bits: 24, rows: bottomUp });
    assert.ok(isBmp(file));
    assert.deepEqual(decodeBmp(file), {
      width: 2,
      height: 2,
      pixels: Uint8Array.from([...RED, ...GREEN, ...BLUE, ...WHITE]),
    });
  });

  it('with a negative height is decoded from the top', () => {
    const { height, pixels } = decodeBmp(bmpFile({ width: 2, height: -2, bits: 24, rows: bottomUp }));
    assert.equal(height, 2);
    assert.deepEqual(pixels, Uint8Array.from([...BLUE, ...WHITE, ...RED, ...GREEN]));
  });

  it('of 32 bits loses its opacity', () => {
    const rows = [...RED.toReversed(), 7, ...GREEN.toReversed(), 9];
    assert.deepEqual(
      decodeBmp(bmpFile({ width: 2, height: 1, bits: 32, rows })).pixels,
      Uint8Array.from([...RED, ...GREEN]),
    );
  });

  it('of 1, 4 and 8 bits is looked up in its palette', () => {
    const palette = [BLACK, WHITE, RED, GREEN].flatMap((colour) => [...colour.toReversed(), 0]);
    const cases = [
      { bits: 8, rows: [2, 3, 1, 0], expected: [RED, GREEN, WHITE] },
      { bits: 4, rows: [0x23, 0x10, 0, 0], expected: [RED, GREEN, WHITE] },
      { bits: 1, rows: [0b10100000, 0, 0, 0], expected: [WHITE, BLACK, WHITE] },
    ];
    for (const { bits, rows, expected } of cases) {
      const { pixels } = decodeBmp(bmpFile({ width: 3, height: 1, bits, rows, palette }));
      assert.deepEqual(pixels, Uint8Array.from(expected.flat()), `${bits} bits`);
    }
  });

  it('is refused when truncated, compressed or of an unknown kind', () => {
    const file = bmpFile({ width: 2, height: 2, bits: 24, rows: bottomUp });
    const changed = (offset: number, value: number): Buffer => {
      const copy = Buffer.from(file);
      copy.writeInt32LE(value, offset);
      return copy;
    };
    assert.throws(() => decodeBmp(file.subarray(0, -1)), /truncated: 70 bytes were expected, 69 found/);
    assert.throws(() => decodeBmp(file.subarray(0, 30)), /ends within its header/);
    assert.throws(() => decodeBmp(changed(30, 1)), /compressed bitmaps are not supported/);
    assert.throws(() => decodeBmp(changed(30, 3)), /compressed bitmaps are not supported/);
    assert.throws(() => decodeBmp(changed(14, 12)), /OS\/2/);
    assert.throws(() => decodeBmp(changed(18, 0)), /the size 0×2 makes no sense/);
    assert.throws(() => decodeBmp(changed(18, 0x7fff_ffff)), /truncated/);
    assert.throws(() => decodeBmp(bmpFile({ width: 1, height: 1, bits: 16, rows: [0, 0, 0, 0] })), /16 bits per pixel/);
  });
});
