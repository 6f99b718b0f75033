import type { Sharp } from 'sharp';
import { messageOf, systemCodeOf } from '../../../../errors.ts';
import { imageLibrary } from '../../../../platform/imageLibrary.ts';
import type { Resize } from '../../../resize.ts';
import { decodeBmp, isBmp, type RgbImage } from './bmp.ts';
import { coloursOfInks } from './inkPixels.ts';
import { decodeResizedJpeg, isQuick, jpegFrame, type JpegFrame } from './jpeg.ts';
import { decodePnm, isPnm } from './pnm.ts';
import { isPointer } from '../../disguisedFiles.ts';
import { mostUnpacked } from '../../unpackedSize.ts';
import { tiffPixels } from './tiffPixels.ts';
import { resampleImage } from '../resizing/resampleLikePillow.ts';
import { axesOf } from '../resizing/resizePixels.ts';

const BYTES_PER_PIXEL = 3;
const IMAGE_NAME = /\.(?:jpe?g|jpe|jfif|png|apng|webp|avif|bmp|dib|gif|tiff?|p[bgpn]m)$/i;

/** True for the name of a JPEG, PNG, WebP, AVIF, BMP, GIF, TIFF, PBM, PGM or PPM. */
export function isImageName(name: string): boolean {
  return IMAGE_NAME.test(name);
}

/**
 * Decodes the bytes of an image file as Pillow's `convert('RGB')` does, and with it the loaders that most teachers were trained
 * with: opacity is dropped, colour profiles and, unless asked for, the camera's orientation are ignored, of several pages the first counts.
 *
 * @param resize size that the image is brought to, by bilinear interpolation that averages where it shrinks
 * @param isTurned whether the image is turned as its camera noted in the EXIF data
 * @throws Error saying what is wrong, when they are corrupt or truncated
 */
export async function decodeImage(bytes: Buffer, resize?: Resize, isTurned = false): Promise<RgbImage> {
  if (isPointer(bytes)) throw new Error('it is a pointer of Git LFS, and not the image: git lfs pull fetches it');
  if (isHeic(bytes)) throw new Error('it is HEIC, which cannot be read here: convert it to JPEG or PNG');
  const tiff = tiffPixels(bytes);
  if (typeof tiff === 'object') throw new Error(tiff.reason);
  // These two are decoded here, and hold no note of a camera.
  const plain = isBmp(bytes) ? decodeBmp(bytes) : isPnm(bytes) ? decodePnm(bytes) : undefined;
  if (plain) return resize ? resampleImage(plain, resize) : plain;
  const pixels = tiff === 'inks' || jpegFrame(bytes)?.planes === 4 ? pixelsOfInks : pixelsOf;
  if (isTurned) {
    const turned = await pixels((await sharpOf(bytes)).autoOrient());
    return resize ? resampleImage(turned, resize) : turned;
  }
  const resized = resize && (await decodeResizedJpeg(bytes, resize));
  if (resized) return resized;
  const frame = resize && isQuick(resize) ? jpegFrame(bytes) : undefined;
  if (resize && frame && pixels === pixelsOf && shrinks(frame, resize)) {
    return pixelsOf(shrunk(await sharpOf(bytes), frame, resize));
  }
  const image = await pixels(await sharpOf(bytes));
  return resize ? resampleImage(image, resize) : image;
}

/** Whether the brands of an ISO media file say HEVC and not AV1, which is read. */
function isHeic(bytes: Buffer): boolean {
  if (bytes.toString('latin1', 4, 8) !== 'ftyp') return false;
  const brands = bytes.toString('latin1', 8, Math.min(bytes.length, bytes.readUInt32BE(0)));
  return /hei[cxms]|hev[cxms]/.test(brands) && !/avi[fs]/.test(brands);
}

async function sharpOf(bytes: Buffer): Promise<Sharp> {
  const sharp = await imageLibrary();
  const limitInputPixels = Math.floor(mostUnpacked(bytes.length) / BYTES_PER_PIXEL);
  return sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels }).removeAlpha();
}

/** Whether libvips brings an image to a size as Pillow does, but for rounding: where at least two pixels become one. */
function shrinks(frame: JpegFrame, resize: Resize): boolean {
  const { horizontal, vertical } = axesOf(frame, resize);
  return Math.min(horizontal.scale, vertical.scale) >= 2;
}

/**
 * Decoded at a fraction of its size, which libvips would do by itself, an image that is no multiple of it would be up to half a pixel
 * out of place; that a part is wanted, be it the whole, keeps it from that.
 */
function shrunk(image: Sharp, frame: JpegFrame, { width, height, fit }: Resize): Sharp {
  return image
    .extract({ left: 0, top: 0, width: frame.width, height: frame.height })
    .resize({ width, height, fit: fit === 'cover' ? 'cover' : 'fill', kernel: 'linear' });
}

async function pixelsOf(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`it was decoded to ${info.channels} channels`);
  return { width: info.width, height: info.height, pixels: data };
}

/** Inks as they are stored; libvips would send them through a profile. */
async function pixelsOfInks(image: Sharp): Promise<RgbImage> {
  const inks = image.pipelineColourspace('cmyk').toColourspace('cmyk').raw();
  const { data, info } = await inks.toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`it was decoded to ${info.channels} inks`);
  return { width: info.width, height: info.height, pixels: coloursOfInks(data) };
}

/** Why a file cannot be read, by what the operating system says. */
const UNREAD: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['ELOOP', 'it is a link that leads back to itself'],
  ['EACCES', 'you may not read it'],
  ['EPERM', 'you may not read it'],
  ['EISDIR', 'it is a folder'],
]);

/**
 * Why an image was refused. libvips tells the same several times, a line each, and where several images fail at once
 * it can lose the message of one of them.
 */
export function reasonNotDecoded(error: unknown): string {
  const unread = UNREAD.get(String(systemCodeOf(error)));
  if (unread !== undefined) return unread;
  const [line = ''] = messageOf(error).split('\n');
  if (/exceeds pixel limit/.test(line)) return 'it would take more than a hundred times the memory of its file';
  return line === 'Unknown error' ? 'its data are damaged' : line;
}
