const MAGIC = 0x184d2204;
const FLAGS = { dictionary: 0x01, contentSize: 0x08, blockChecksums: 0x10 } as const;
const SHORTEST_MATCH = 4;

/**
 * Unpacks a frame of LZ4 (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md), whose blocks may refer to earlier ones.
 * Checksums are not looked at.
 *
 * @param length bytes of the content
 * @throws Error when the frame is damaged or has another length
 */
export function unpackLz4Frame(frame: Uint8Array, length: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 7 || view.getUint32(0, true) !== MAGIC) throw damaged();
  const flags = view.getUint8(4);
  // Flags, block size, size of the content, dictionary, checksum of these.
  let at = 7 + (flags & FLAGS.contentSize ? 8 : 0) + (flags & FLAGS.dictionary ? 4 : 0);
  const content = new Uint8Array(length);
  let written = 0;
  for (;;) {
    if (at + 4 > frame.length) throw damaged();
    const size = view.getUint32(at, true);
    if (size === 0) break;
    const start = at + 4;
    const end = start + (size & 0x7fffffff);
    if (end > frame.length) throw damaged();
    const block = frame.subarray(start, end);
    if (size >>> 31 === 1) {
      if (written + block.length > length) throw damaged();
      content.set(block, written);
      written += block.length;
    } else written = unpackBlock(block, content, written);
    at = end + (flags & FLAGS.blockChecksums ? 4 : 0);
  }
  if (written !== length) throw damaged();
  return content;
}

/** Unpacks a block behind what is written already. @returns how much is written then */
function unpackBlock(block: Uint8Array, content: Uint8Array, written: number): number {
  let at = 0;
  const next = (): number => {
    const byte = block[at++];
    if (byte === undefined) throw damaged();
    return byte;
  };
  const lengthFrom = (nibble: number): number => {
    let sum = nibble;
    if (nibble < 15) return sum;
    for (let byte = 255; byte === 255;) sum += byte = next();
    return sum;
  };
  while (at < block.length) {
    const token = next();
    const literals = lengthFrom(token >> 4);
    if (at + literals > block.length || written + literals > content.length) throw damaged();
    content.set(block.subarray(at, at + literals), written);
    at += literals;
    written += literals;
    // The last sequence has no match.
    if (at === block.length) break;
    const distance = next() | (next() << 8);
    const match = lengthFrom(token & 15) + SHORTEST_MATCH;
    if (distance === 0 || distance > written || written + match > content.length) throw damaged();
    if (distance >= match) content.copyWithin(written, written - distance, written - distance + match);
    // What is copied may reach into what is being written.
    else for (let byte = 0; byte < match; byte++) content[written + byte] = content[written + byte - distance] ?? 0;
    written += match;
  }
  return written;
}

function damaged(): Error {
  return new Error('a compressed column of it is damaged');
}
