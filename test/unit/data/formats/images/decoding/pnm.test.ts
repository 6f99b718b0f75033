import assert from 'node:assert/strict';
import { decodeImage } from '../../../../../../src/data/formats/images/decoding/decodeImage.ts';
import { decodePnm, isPnm } from '../../../../../../src/data/formats/images/decoding/pnm.ts';
import { readImageHeader } from '../../../../../../src/data/formats/images/decoding/readImageHeader.ts';

const file = (header: string, bytes: readonly number[] = []): Buffer =>
  Buffer.concat([Buffer.from(header), Buffer.from(bytes)]);
const grey = (...levels: readonly number[]): number[] => levels.flatMap((level) => [level, level, level]);

describe('PNM', () => {
  it('of bytes and of text are the pixels that Pillow finds in them', () => {
    const cases = [
      [file('P6\n# made by a camera\n2 1\n255\n', [1, 2, 3, 35, 10, 32]), [1, 2, 3, 35, 10, 32]],
      [file('P5 3 1 255\n', [7, 8, 9]), grey(7, 8, 9)],
      // Of 100 and of two levels: 50 of 100 is 127.5, which is rounded to the even number.
      [file('P5 3 1 100\n', [0, 50, 99]), grey(0, 128, 252)],
      [file('P5 2 1 510\n', [0, 1, 0, 3]), grey(0, 2)],
      [file('P6 1 1 65535\n', [0xff, 0xff, 0x80, 0x00, 0, 0]), [255, 128, 0]],
      [file('P3 2 1 15\n15 0 1\n 2 # two\n 3 4\n'), [255, 0, 17, 34, 51, 68]],
      [file('P2 2 1 1 0 1'), grey(0, 255)],
      // Bits need no blanks, and 1 is black; rows of bits end with a byte.
      [file('P1\n3 2\n010\n1 1 0\n'), grey(255, 0, 255, 0, 0, 255)],
      [file('P4 3 2\n', [0b01000000, 0b11000000]), grey(255, 0, 255, 0, 0, 255)],
    ] as const;
    for (const [bytes, expected] of cases) {
      assert.ok(isPnm(bytes));
      assert.deepEqual([...decodePnm(bytes).pixels], [...expected], bytes.toString('latin1'));
    }
    assert.ok(!isPnm(file('P7\n')));
    assert.ok(!isPnm(file('PK')));
  });

  it('that are damaged are refused', () => {
    for (const [bytes, reason] of [
      [file('P6 2 2 255\n', [1, 2, 3]), /truncated: 12 bytes were expected, 3 found/],
      [file('P6 9999999999 9999999999 255\n', [1]), /truncated/],
      [file('P5 0 2 255\n'), /size 0×2 makes no sense/],
      [file('P5 1 1 70000\n', [1]), /white is 70000/],
      [file('P2 1 1 7\n9 '), /has the value 9, and its white is 7/],
      [file('P2 2 1 7\n1 x\n'), /something else where a number should be/],
      [file('P5 1'), /truncated/],
    ] as const) {
      assert.throws(() => decodePnm(bytes), reason);
    }
  });

  it('are decoded and resized as other images are, and told of by their headers', async () => {
    const bytes = file(
      'P5 4 4 255\n',
      Array.from({ length: 16 }, (_, at) => 10 * (at >> 2)),
    );
    const image = await decodeImage(bytes, { width: 1, height: 2, fit: 'stretch' });
    assert.deepEqual([image.width, image.height], [1, 2]);
    assert.deepEqual([...image.pixels], grey(7, 23));
    assert.deepEqual(await readImageHeader(bytes), { width: 4, height: 4, kind: 'PNM, grey', isTurned: false });
    const wide = await readImageHeader(file('P6 1 1 65535\n', [0, 0, 0, 0, 0, 0]));
    assert.equal(wide?.kind, 'PNM, RGB, 16 bits');
  });
});
