import { open } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import { imageLibrary } from '../../../../platform/imageLibrary.ts';
import { isPnm, readPnmHeader } from './pnm.ts';

/** What an image says of itself before its pixels. */
export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  /** Format, colours, and what else is unusual: `PNG, grey, 16 bits`. */
  readonly kind: string;
  /** Whether its camera noted that it is to be turned or mirrored (EXIF). */
  readonly isTurned: boolean;
}

/** Bytes before the pixels of a BMP that tell its size. */
const BMP_HEADER = 26;
/** Bytes that hold the header of a BMP, or of a PNM with comments. */
const START = 1024;
/** Bits of a channel by how libvips stores it. */
const BITS: Readonly<Record<string, number>> = { uchar: 8, char: 8, ushort: 16, short: 16, float: 32 };

/** @param content path or bytes @returns undefined where there is no header that can be read */
export async function readImageHeader(content: string | Uint8Array): Promise<ImageHeader | undefined> {
  try {
    const start = await startOf(content);
    if (start.length >= BMP_HEADER && start.toString('latin1', 0, 2) === 'BM') {
      const [width, height] = [start.readInt32LE(18), Math.abs(start.readInt32LE(22))];
      return { width, height, kind: 'BMP', isTurned: false };
    }
    if (isPnm(start)) {
      const { width, height, channels, most } = readPnmHeader(start);
      const kind = `PNM, ${channels === 1 ? 'grey' : 'RGB'}${most > 255 ? ', 16 bits' : ''}`;
      return { width, height, kind, isTurned: false };
    }
    const metadata = await (await imageLibrary())(content).metadata();
    const { width, height, orientation = 1 } = metadata;
    return { width, height, kind: kindOf(metadata), isTurned: orientation > 1 };
  } catch {
    return undefined;
  }
}

async function startOf(content: string | Uint8Array): Promise<Buffer> {
  if (typeof content !== 'string') return Buffer.from(content.subarray(0, START));
  const file = await open(content);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(START), 0, START, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function kindOf({ format, compression, space, hasAlpha, depth, pages = 1, isPalette }: Metadata): string {
  const name = format === 'heif' && compression === 'av1' ? 'AVIF' : format.toUpperCase();
  const bits = BITS[depth] ?? 8;
  return [
    name,
    space === 'cmyk' ? 'CMYK' : space === 'b-w' || space === 'grey16' ? 'grey' : 'RGB',
    ...(isPalette ? ['palette'] : []),
    ...(hasAlpha ? ['opacity'] : []),
    ...(bits === 8 ? [] : [`${bits} bits`]),
    ...(pages > 1 ? ['several pages'] : []),
  ].join(', ');
}
