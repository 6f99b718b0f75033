import { imageLibrary } from '../platform/imageLibrary.ts';
import type { Pixels } from '../report/drawings/pixels.ts';

/** Pictures are at most this many pixels wide and high; larger ones are scaled down. */
const largest = 64;

/** A picture as a data URI. */
export async function pngOf({ width, height, colours }: Pixels): Promise<string> {
  const sharp = await imageLibrary();
  const image = sharp(colours, { raw: { width, height, channels: 4 } }).resize({
    width: largest,
    height: largest,
    fit: 'inside',
    withoutEnlargement: true,
  });
  const bytes = await image.png({ compressionLevel: 9 }).toBuffer();
  return `data:image/png;base64,${bytes.toString('base64')}`;
}
