const TAGS = { compression: 259, photometric: 262 } as const;
const ENTRY = 12;
/** Values of the two tags. */
const [INKS, BRIGHTNESS_AND_COLOURS, LIGHTNESS, JPEG] = [5, 6, 8, 7];

/** How a TIFF stores colours (TIFF 6.0, section 8); undefined for other files, and where nothing is to be heeded. */
export function tiffColours(bytes: Buffer): 'inks' | 'other' | undefined {
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
    found.set(view.getUint16(at, isLittle), view.getUint16(at + 8, isLittle));
  }
  const photometric = found.get(TAGS.photometric);
  if (photometric === INKS) return 'inks';
  // Of what JPEG packs, the colours are made by whoever unpacks it.
  const isUnpacked = photometric === BRIGHTNESS_AND_COLOURS && found.get(TAGS.compression) !== JPEG;
  return isUnpacked || photometric === LIGHTNESS ? 'other' : undefined;
}
