import { inflateSync } from 'node:zlib';

const FILTER = { deflate: 1, shuffle: 2, checksum: 3, lzf: 32000 } as const;
/** Filters that are not undone. */
const OTHER_FILTERS: Readonly<Record<number, string>> = {
  4: 'szip',
  5: 'n-bit',
  6: 'scale-offset',
  307: 'bzip2',
  32001: 'Blosc',
  32004: 'LZ4',
  32008: 'bitshuffle',
  32015: 'Zstandard',
  32026: 'Blosc2',
};
const CHECKSUM_BYTES = 4;

export interface ChunkPacking {
  readonly filters: readonly number[];
  /** A bit for every filter that was left out. */
  readonly skipped: number;
  /** Bytes of an element, and of a whole chunk. */
  readonly size: number;
  readonly bytes: number;
}

/** Undoes the filters of a chunk, the last one first. @throws Error when it is damaged, or packed in a way that is not known */
export function unpackChunk(packed: Buffer, { filters, skipped, size, bytes }: ChunkPacking): Buffer {
  let chunk = packed;
  for (const [index, filter] of [...filters.entries()].reverse()) {
    if (((skipped >>> index) & 1) === 1) continue;
    switch (filter) {
      case FILTER.deflate:
        chunk = inflateSync(chunk, { maxOutputLength: bytes + CHECKSUM_BYTES });
        break;
      case FILTER.shuffle:
        chunk = unshuffled(chunk, size);
        break;
      case FILTER.checksum:
        chunk = checked(chunk);
        break;
      case FILTER.lzf:
        chunk = unpackLzf(chunk, bytes);
        break;
      default:
        throw new Error(`it is packed with ${OTHER_FILTERS[filter] ?? `filter ${filter}`}, which is not read`);
    }
  }
  return chunk;
}

/** First bytes of all elements lie together, then the second ones, and so on. */
function unshuffled(bytes: Buffer, size: number): Buffer {
  const result = Buffer.from(bytes);
  const count = Math.floor(bytes.length / size);
  for (let place = 0; place < size; place++) {
    const from = place * count;
    for (let index = 0; index < count; index++) result[index * size + place] = bytes[from + index] ?? 0;
  }
  return result;
}

/** Fletcher's checksum of 32 bits over words of two bytes, the larger first. */
function checked(bytes: Buffer): Buffer {
  const content = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM_BYTES));
  let [first, second] = [0, 0];
  for (let at = 0; at < content.length; at += 2) {
    first = (first + ((content[at] ?? 0) << 8) + (content[at + 1] ?? 0)) % 0xffff;
    second = (second + first) % 0xffff;
  }
  const isRight =
    bytes.readUInt16LE(content.length) % 0xffff === first && bytes.readUInt16LE(content.length + 2) % 0xffff === second;
  if (!isRight) throw new Error('a chunk of it does not match its checksum');
  return content;
}

/** LibLZF: runs of bytes as they are, and copies of what came up to 8 KiB before. */
function unpackLzf(packed: Buffer, bytes: number): Buffer {
  const result = Buffer.alloc(bytes);
  let to = 0;
  for (let at = 0; at < packed.length;) {
    const control = packed.readUInt8(at++);
    if (control < 32) {
      const end = at + control + 1;
      if (end > packed.length || to + control + 1 > bytes) throw new Error('a chunk of it is damaged');
      to += packed.copy(result, to, at, end);
      at = end;
      continue;
    }
    let length = control >>> 5;
    if (length === 7) length += packed.readUInt8(at++);
    length += 2;
    const from = to - ((control & 0x1f) << 8) - packed.readUInt8(at++) - 1;
    if (from < 0 || to + length > bytes) throw new Error('a chunk of it is damaged');
    for (let index = 0; index < length; index++) result[to++] = result[from + index] ?? 0;
  }
  return result.subarray(0, to);
}
