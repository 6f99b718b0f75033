import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { decodeImage } from '../../../../../../src/data/formats/images/decoding/decodeImage.ts';
import { ImageStream } from '../../../../../../src/data/formats/images/streaming/imageStream.ts';
import { removeFolder, temporaryFolder } from '../../../../../support/datasets.ts';

const SIZE = 2;
const PNG_LOADER = { operation: ['VipsForeignLoadPng'] };

/** A BMP of 2 × 2 pixels, which is decoded without the loaders of the library. */
function bmp(): Buffer {
  const [header, row] = [54, 8];
  const bytes = Buffer.alloc(header + SIZE * row, 0x40);
  bytes.fill(0, 0, header);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(header, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(SIZE, 18);
  bytes.writeInt32LE(SIZE, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

describe('the loaders of images', () => {
  it('are chosen by the main thread: one that begins to decode does not choose them anew for all', async () => {
    const folder = temporaryFolder();
    const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: '#123456' } })
      .png()
      .toBuffer();
    const path = join(folder, 'a.bmp');
    writeFileSync(path, bmp());
    const stream = new ImageStream({
      images: [{ name: 'a.bmp', content: path }],
      form: { channels: 3, height: SIZE, width: SIZE, resize: undefined },
      memory: 3 * SIZE * SIZE,
      onCorrupt: (name) => assert.fail(`${name} is not corrupt`),
    });
    await decodeImage(png);
    sharp.block(PNG_LOADER);
    try {
      // Its thread has begun, and all that it does at first is done, when it has decoded an image.
      assert.deepEqual(await stream.read([0], () => undefined), []);
      await assert.rejects(decodeImage(png), 'a thread has chosen the loaders anew');
    } finally {
      sharp.unblock(PNG_LOADER);
      await stream.dispose();
      removeFolder(folder);
    }
    await decodeImage(png);
  });
});
