import assert from 'node:assert/strict';
import { join } from 'node:path';
import { decodeImage } from '../../../../../../src/data/formats/images/decoding/decodeImage.ts';
import type { EncodedImage } from '../../../../../../src/data/formats/images/decoding/encodedImage.ts';
import { contentOf } from '../../../../../../src/data/formats/images/readImages.ts';
import { ImageStream } from '../../../../../../src/data/formats/images/streaming/imageStream.ts';
import { removeFolder, temporaryFolder } from '../../../../../support/datasets.ts';
import { writeImageFolder } from '../../../../../support/imageFolder.ts';

const COUNT = 100;
const SIZE = 8;
const BYTES = 3 * SIZE * SIZE;

describe('a stream of images', () => {
  let folder: string;
  const images: EncodedImage[] = [];
  const expected: Uint8Array[] = [];
  before(async () => {
    folder = temporaryFolder();
    await writeImageFolder(folder, { perClass: COUNT, size: SIZE, classes: ['a'] });
    for (let index = 0; index < COUNT; index++) {
      const name = `a/${String(index).padStart(4, '0')}.png`;
      const image = { name, content: join(folder, name) };
      const bytes = await contentOf(image);
      // Every other one brings its contents, as the images of a Parquet file do.
      images.push(index % 2 === 0 ? image : { name, content: bytes });
      expected.push(Uint8Array.from((await decodeImage(bytes)).pixels));
    }
  });
  after(() => {
    removeFolder(folder);
  });

  const form = { channels: 3, height: SIZE, width: SIZE, resize: undefined } as const;
  const open = (memory: number): ImageStream =>
    new ImageStream({ images, form, memory, onCorrupt: (name) => assert.fail(`${name} is not corrupt`) });
  const readAll = async (stream: ImageStream): Promise<void> => {
    const read: number[] = [];
    const order = Array.from({ length: COUNT }, (_, index) => (index * 37) % COUNT);
    stream.announce(order);
    for (let start = 0; start < COUNT; start += 20) {
      const corrupt = await stream.read(order.slice(start, start + 20), (row, bytes) => {
        const image = order[start + row]!;
        read.push(image);
        assert.deepEqual(bytes, expected[image]);
      });
      assert.deepEqual(corrupt, []);
    }
    assert.deepEqual(
      read.sort((one, other) => one - other),
      Array.from({ length: COUNT }, (_, index) => index),
    );
  };

  it('keeps all of them where they fit, and never sets more memory aside than it was given', async () => {
    for (const [memory, reserved] of [
      [COUNT * BYTES, COUNT * BYTES],
      [COUNT * BYTES - 1, (COUNT - 1) * BYTES],
      [40 * BYTES, 40 * BYTES],
    ] as const) {
      const stream = open(memory);
      try {
        assert.equal(stream.reservedBytes, reserved);
        // The second pass meets what the first has left.
        await readAll(stream);
        await readAll(stream);
      } finally {
        await stream.dispose();
      }
    }
  });

  it('needs room for some images, however little memory it is given', async () => {
    const stream = open(1);
    try {
      assert.equal(stream.reservedBytes, 32 * BYTES);
      await readAll(stream);
    } finally {
      await stream.dispose();
    }
  });

  it('can be disposed of without having been used', async () => {
    await open(1).dispose();
  });
});
