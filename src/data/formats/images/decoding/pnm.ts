import type { RgbImage } from './bmp.ts';

/** What a PBM, PGM or PPM says before its pixels. */
export interface PnmHeader {
  readonly width: number;
  readonly height: number;
  /** 1 for black and white, and for grey; 3 for red, green and blue. */
  readonly channels: 1 | 3;
  /** The value of white. */
  readonly most: number;
  readonly isText: boolean;
  /** Whether pixels are bits, of which 1 is black. */
  readonly isBits: boolean;
  /** Where the pixels begin. */
  readonly start: number;
}

const [LINE_FEED, COMMENT, ZERO, NINE] = [0x0a, 0x23, 0x30, 0x39];
const isBlank = (byte: number | undefined): boolean => byte === 0x20 || (byte !== undefined && byte >= 9 && byte <= 13);

/** Whether a file begins as the portable pixel maps of Netpbm do: P1 to P6. */
export function isPnm(bytes: Uint8Array): boolean {
  const [letter, kind = 0, next] = bytes;
  return letter === 0x50 && kind > ZERO && kind <= ZERO + 6 && (isBlank(next) || next === COMMENT);
}

/** Reads numbers that stand between blanks and comments. */
class NumberReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** @param digits of a number, at most. Bits need no blanks between them @throws Error where there is no number */
  next(digits = 10): number {
    this.#skip();
    const start = this.at;
    let value = 0;
    for (; this.at - start < digits; this.at++) {
      const byte = this.#bytes[this.at] ?? 0;
      if (byte < ZERO || byte > NINE) break;
      value = 10 * value + byte - ZERO;
    }
    if (this.at >= this.#bytes.length && this.at === start) throw new Error('the file is truncated');
    if (this.at === start) throw new Error('it has something else where a number should be');
    return value;
  }

  #skip(): void {
    for (; this.at < this.#bytes.length; this.at++) {
      if (this.#bytes[this.at] === COMMENT) {
        while (this.at < this.#bytes.length && this.#bytes[this.at] !== LINE_FEED) this.at++;
      } else if (!isBlank(this.#bytes[this.at])) return;
    }
  }
}

/** @throws Error saying what is wrong */
export function readPnmHeader(bytes: Uint8Array): PnmHeader {
  const kind = (bytes[1] ?? 0) - ZERO;
  const reader = new NumberReader(bytes, 2);
  const [width, height] = [reader.next(), reader.next()];
  const isBits = kind === 1 || kind === 4;
  const most = isBits ? 1 : reader.next();
  if (width === 0 || height === 0) throw new Error(`the size ${width}×${height} makes no sense`);
  if (most < 1 || most > 65_535) throw new Error(`its white is ${most}, and has to be 1 to 65535`);
  // One blank ends the header.
  return { width, height, channels: kind % 3 === 0 ? 3 : 1, most, isText: kind <= 3, isBits, start: reader.at + 1 };
}

/**
 * Decodes a portable pixel map of Netpbm, PBM, PGM or PPM, as bytes or as text, as Pillow does; of 16 bits a value all become 0…255.
 * Here because libvips, which decodes the other formats, is built without it.
 *
 * @throws Error saying what is wrong, when the file is truncated or damaged
 */
export function decodePnm(bytes: Uint8Array): RgbImage {
  const header = readPnmHeader(bytes);
  const { width, height, channels } = header;
  const count = width * height * channels;
  const stored = header.isText ? leastText(header, count) : storedBytes(header, count);
  const found = bytes.length - header.start;
  if (stored > found)
    throw new Error(`the file is truncated: ${stored} bytes were expected, ${Math.max(0, found)} found`);
  const values = (header.isText ? textValues : header.isBits ? bitValues : byteValues)(bytes, header, count);
  if (channels === 3) return { width, height, pixels: values };
  const pixels = new Uint8Array(3 * count);
  for (let at = 0; at < count; at++) pixels.fill(values[at] ?? 0, 3 * at, 3 * at + 3);
  return { width, height, pixels };
}

/** A digit each, and a blank between; bits need none. */
function leastText({ isBits }: PnmHeader, count: number): number {
  return isBits ? count : 2 * count - 1;
}

function storedBytes({ width, height, isBits, most }: PnmHeader, count: number): number {
  if (isBits) return Math.ceil(width / 8) * height;
  return most > 255 ? 2 * count : count;
}

function textValues(bytes: Uint8Array, { most, isBits, start }: PnmHeader, count: number): Uint8Array {
  const reader = new NumberReader(bytes, start - 1);
  const levels = levelsOf(most);
  return Uint8Array.from({ length: count }, () => {
    const value = reader.next(isBits ? 1 : 10);
    if (value > most) throw new Error(`it has the value ${value}, and its white is ${most}`);
    return isBits ? 255 * (1 - value) : (levels[value] ?? 255);
  });
}

function bitValues(bytes: Uint8Array, { width, start }: PnmHeader, count: number): Uint8Array {
  const stride = Math.ceil(width / 8);
  return Uint8Array.from({ length: count }, (_, at) => {
    const column = at % width;
    const byte = bytes[start + stride * Math.floor(at / width) + (column >> 3)] ?? 0;
    return (byte >> (7 - (column & 7))) & 1 ? 0 : 255;
  });
}

function byteValues(bytes: Uint8Array, { most, start }: PnmHeader, count: number): Uint8Array {
  if (most === 255) return bytes.slice(start, start + count);
  const levels = levelsOf(most);
  if (most < 255) return Uint8Array.from({ length: count }, (_, at) => levels[bytes[start + at] ?? 0] ?? 255);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  return Uint8Array.from({ length: count }, (_, at) => levels[view.getUint16(2 * at)] ?? 255);
}

/** What each value is of 255, rounded as Pillow rounds: a half to the even one. */
function levelsOf(most: number): Uint8Array {
  return Uint8Array.from({ length: most + 1 }, (_, value) => {
    const level = (value / most) * 255;
    const below = Math.floor(level);
    return level - below === 0.5 ? below + (below & 1) : Math.round(level);
  });
}
