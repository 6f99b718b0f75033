const TAGS = { bits: 258, compression: 259, photometric: 262, channels: 277, sampleFormat: 339 } as const;
const ENTRY = 12;
/** Values of the tags. */
const [BLACK_IS_ZERO, RGB, INKS, BRIGHTNESS_AND_COLOURS, LIGHTNESS, JPEG] = [1, 2, 5, 6, 8, 7];
const [SIGNED, FLOATING] = [2, 3];
const MOST_BITS = 16;
/** Channels of an image in grey and in colour, with one of opacity. */
const [MOST_OF_GREY, MOST_OF_COLOUR] = [2, 4];

/** How a TIFF stores its pixels: in inks, or in a way that is not read here, and why. */
export type TiffPixels = 'inks' | { readonly reason: string };

/** What is to be heeded of how a TIFF stores pixels (TIFF 6.0, sections 8, 16 and 19); undefined for other files, and where nothing is. */
export function tiffPixels(bytes: Buffer): TiffPixels | undefined {
  const found = firstValues(bytes);
  if (!found) return undefined;
  const format = found.get(TAGS.sampleFormat);
  const bits = found.get(TAGS.bits) ?? 1;
  if (format === FLOATING) return unread('floating-point numbers');
  if (format === SIGNED) return unread('numbers below zero');
  if (bits > MOST_BITS) return unread(`numbers of ${bits} bits`);
  const photometric = found.get(TAGS.photometric) ?? BLACK_IS_ZERO;
  const channels = found.get(TAGS.channels) ?? 1;
  const isGrey = photometric <= BLACK_IS_ZERO;
  if ((isGrey && channels > MOST_OF_GREY) || (photometric === RGB && channels > MOST_OF_COLOUR))
    return unread(`${channels} channels`);
  if (photometric === INKS) return 'inks';
  // Of what JPEG packs, the colours are made by whoever unpacks it.
  const isUnpacked = photometric === BRIGHTNESS_AND_COLOURS && found.get(TAGS.compression) !== JPEG;
  if (!isUnpacked && photometric !== LIGHTNESS) return undefined;
  return { reason: 'it is a TIFF of YCbCr or L*a*b*, which cannot be read here: convert it to RGB' };
}

function unread(what: string): TiffPixels {
  return {
    reason: `it is a TIFF of ${what}, which cannot be read as a picture: save the values of all images as an array (numpy.savez), or convert them to 8 bits`,
  };
}

/** The first value of each tag of a TIFF's first page that holds whole numbers; undefined for other files. */
function firstValues(bytes: Buffer): ReadonlyMap<number, number> | undefined {
  const order = bytes.toString('latin1', 0, 4);
  const isLittle = order === 'II*\0';
  if (!isLittle && order !== 'MM\0*') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<number, number>();
  const start = bytes.length >= 8 ? view.getUint32(4, isLittle) : bytes.length;
  if (start + 2 > bytes.length) return undefined;
  const count = view.getUint16(start, isLittle);
  for (let entry = 0; entry < count; entry++) {
    const at = start + 2 + ENTRY * entry;
    if (at + ENTRY > bytes.length) break;
    // Up to two numbers of 16 bits stand in the entry itself, more elsewhere.
    const isInside = view.getUint32(at + 4, isLittle) <= 2;
    const place = isInside ? at + 8 : view.getUint32(at + 8, isLittle);
    if (place + 2 <= bytes.length) found.set(view.getUint16(at, isLittle), view.getUint16(place, isLittle));
  }
  return found;
}
