import sharp, { type Sharp } from 'sharp';
import { messageOf } from '../../errors.ts';
import type { Resize } from '../dataset.ts';
import { decodeBmp, isBmp, type RgbImage } from './bmp.ts';
import { decodeResizedJpeg } from './jpeg.ts';

const IMAGE_NAME = /\.(?:jpe?g|jpe|jfif|png|webp|bmp|dib|gif|tiff?)$/i;

/** True for the name of a JPEG, PNG, WebP, BMP, GIF or TIFF. */
export function isImageName(name: string): boolean {
  return IMAGE_NAME.test(name);
}

/**
 * Decodes the bytes of an image file as Pillow's `convert('RGB')` does, and with it the loaders that most teachers were trained
 * with: opacity is dropped, colour profiles and the camera's orientation are ignored, of several pages the first counts.
 *
 * @param resize size that the image is brought to, by bilinear interpolation that averages where it shrinks
 * @throws Error saying what is wrong, when they are corrupt or truncated
 */
export async function decodeImage(bytes: Buffer, resize?: Resize): Promise<RgbImage> {
  const resized = resize && (await decodeResizedJpeg(bytes, resize));
  if (resized) return resized;
  if (!isBmp(bytes)) return pixelsOf(sharp(bytes, { failOn: 'error', ignoreIcc: true }).removeAlpha(), resize);
  const { width, height, pixels } = decodeBmp(bytes);
  return resize ? pixelsOf(sharp(pixels, { raw: { width, height, channels: 3 } }), resize) : { width, height, pixels };
}

async function pixelsOf(image: Sharp, resize: Resize | undefined): Promise<RgbImage> {
  const sized = resize
    ? image.resize({
        width: resize.width,
        height: resize.height,
        fit: resize.fit === 'cover' ? 'cover' : 'fill',
        kernel: 'linear',
      })
    : image;
  const { data, info } = await sized.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`it was decoded to ${info.channels} channels`);
  return { width: info.width, height: info.height, pixels: data };
}

/**
 * Why an image was refused. libvips tells the same several times, a line each, and where several images fail at once
 * it can lose the message of one of them.
 */
export function reasonNotDecoded(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n');
  return line === 'Unknown error' ? 'its data are damaged' : line;
}
