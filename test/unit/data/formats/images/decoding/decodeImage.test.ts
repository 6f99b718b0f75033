import assert from 'node:assert/strict';
import sharp from 'sharp';
import { decodeImage, reasonNotDecoded } from '../../../../../../src/data/formats/images/decoding/decodeImage.ts';

describe('decoding an image', () => {
  const reasonFor = async (bytes: Buffer): Promise<string> => {
    try {
      await decodeImage(bytes);
    } catch (error) {
      return reasonNotDecoded(error);
    }
    return 'it was decoded';
  };

  it('refuses one that would fill the memory, before it is unpacked', async () => {
    const white = sharp({ create: { width: 6000, height: 6000, channels: 3, background: 'white' } });
    const packed = await white.png({ palette: true, compressionLevel: 9 }).toBuffer();
    assert.ok(packed.length < 100_000);
    const before = process.memoryUsage().rss;
    assert.match(await reasonFor(packed), /more than a hundred times the memory of its file/);
    assert.ok(process.memoryUsage().rss - before < 2 ** 25, 'nothing was unpacked');
  });

  it('refuses drawings whatever their name, which may name other files', async () => {
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';
    assert.match(await reasonFor(Buffer.from(drawing)), /unsupported image format/);
  });
});
