import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { decodeBmp, isBmp, type RgbImage } from './bmp.ts';

const IMAGE_NAME = /\.(?:jpe?g|jpe|jfif|png|webp|bmp|dib|gif|tiff?)$/i;

/** True for the name of a JPEG, PNG, WebP, BMP, GIF or TIFF. */
export function isImageName(name: string): boolean {
  return IMAGE_NAME.test(name);
}

/**
 * Decodes an image file as Pillow's `convert('RGB')` does, and with it the loaders that most teachers were trained
 * with: opacity is dropped, colour profiles and the camera's orientation are ignored, of several pages the first counts.
 *
 * @throws Error saying what is wrong, when the file cannot be read or is corrupt or truncated
 */
export async function decodeImage(path: string): Promise<RgbImage> {
  const bytes = await readFile(path);
  if (isBmp(bytes)) return decodeBmp(bytes);
  const { data, info } = await sharp(bytes, { failOn: 'error', ignoreIcc: true })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`it was decoded to ${info.channels} channels`);
  return { width: info.width, height: info.height, pixels: data };
}
