/** An image in memory: rows from the top, red, green and blue of each pixel side by side, 0…255. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const FILE_HEADER = 14;
const SHORTEST_INFO_HEADER = 40;
const STANDARD_MASKS = [0x00ff0000, 0x0000ff00, 0x000000ff];

/** Whether a file begins as a BMP does. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/**
 * Decodes a Windows bitmap: uncompressed, with 1, 4 or 8 bits and a palette, or 24 or 32 bits; opacity is ignored.
 * Here because libvips, which decodes the other formats, is built without BMP.
 *
 * @throws Error saying what is wrong, when the file is truncated or of another kind
 */
export function decodeBmp(bytes: Uint8Array): RgbImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FILE_HEADER + SHORTEST_INFO_HEADER) throw new Error('the file ends within its header');
  const pixelStart = view.getUint32(10, true);
  const infoHeader = view.getUint32(14, true);
  if (infoHeader < SHORTEST_INFO_HEADER) throw new Error('bitmaps of OS/2 are not supported');
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  if (width <= 0 || height === 0) throw new Error(`the size ${width}×${signedHeight} makes no sense`);
  if (![1, 4, 8, 24, 32].includes(bits)) throw new Error(`${bits} bits per pixel are not supported`);
  if (compression !== 0 && !hasStandardMasks(view, bits, compression)) {
    throw new Error('compressed bitmaps are not supported');
  }
  const stride = 4 * Math.ceil((width * bits) / 32);
  const end = pixelStart + stride * height;
  if (end > bytes.length) throw new Error(`the file is truncated: ${end} bytes were expected, ${bytes.length} found`);
  const palette = bits <= 8 ? paletteOf(bytes, FILE_HEADER + infoHeader, bits) : undefined;
  const pixels = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const source = pixelStart + stride * (signedHeight < 0 ? row : height - 1 - row);
    const target = 3 * width * row;
    if (palette) copyIndexed(bytes, source, bits, palette, pixels.subarray(target, target + 3 * width));
    else copyDirect(bytes, source, bits / 8, pixels.subarray(target, target + 3 * width));
  }
  return { width, height, pixels };
}

function hasStandardMasks(view: DataView, bits: number, compression: number): boolean {
  if (compression !== 3 || bits !== 32 || view.byteLength < 66) return false;
  return STANDARD_MASKS.every((mask, index) => view.getUint32(54 + 4 * index, true) === mask);
}

/** Blue, green, red and an unused byte for every index; indices that the file does not define are black. */
function paletteOf(bytes: Uint8Array, start: number, bits: number): Uint8Array {
  const palette = new Uint8Array(4 * 2 ** bits);
  palette.set(bytes.subarray(start, start + palette.length));
  return palette;
}

function copyIndexed(bytes: Uint8Array, start: number, bits: number, palette: Uint8Array, target: Uint8Array): void {
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  for (let column = 0; column < target.length / 3; column++) {
    const byte = bytes[start + Math.floor(column / perByte)] ?? 0;
    const index = (byte >> (8 - bits * ((column % perByte) + 1))) & mask;
    copyPixel(palette, 4 * index, target, 3 * column);
  }
}

function copyDirect(bytes: Uint8Array, start: number, bytesPerPixel: number, target: Uint8Array): void {
  for (let column = 0; column < target.length / 3; column++) {
    copyPixel(bytes, start + bytesPerPixel * column, target, 3 * column);
  }
}

function copyPixel(bgr: Uint8Array, from: number, rgb: Uint8Array, to: number): void {
  rgb[to] = bgr[from + 2] ?? 0;
  rgb[to + 1] = bgr[from + 1] ?? 0;
  rgb[to + 2] = bgr[from] ?? 0;
}
