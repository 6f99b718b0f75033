import { excessOf } from '../../unpackedSize.ts';
import { unpackChunk } from './unpackChunk.ts';

/** Bytes of a node's head, and its type in trees of chunks ("HDF5 File Format Specification", III.A.1). */
const NODE_HEAD = 24;
const CHUNKS = 1;

/** An array in chunks. */
export interface ChunkedArray {
  readonly shape: readonly number[];
  /** Bytes of an element. */
  readonly size: number;
  readonly chunk: readonly number[];
  readonly filters: readonly number[];
}

interface Chunk {
  /** Index of its first element. */
  readonly start: readonly number[];
  readonly packed: Buffer;
  /** A bit for every filter that was left out. */
  readonly skipped: number;
}

/**
 * Reads the chunks of an array to where they belong.
 *
 * @param file from the HDF5 signature on
 * @param tree address of the root of the B-tree, version 1, of the chunks
 * @param into the bytes of all elements, row by row
 * @throws Error when the file is damaged, or packed in a way that is not known
 */
export function readChunks(file: Buffer, tree: number, array: ChunkedArray, into: Buffer): void {
  const { shape, size, chunk, filters } = array;
  if (chunk.length !== shape.length || chunk.includes(0)) throw new Error('its chunks have another shape');
  const most = shape.reduce((count, length, axis) => count * Math.ceil(length / (chunk[axis] ?? 1)), 1);
  const bytes = chunk.reduce((product, length) => product * length, size);
  const excess = excessOf(file.length, most * bytes);
  if (excess !== undefined) throw new Error(excess);
  for (const { start, packed, skipped } of chunksOf(file, tree, shape.length, most)) {
    const unpacked = unpackChunk(packed, { filters, skipped, size, bytes });
    if (unpacked.length < bytes) throw new Error('a chunk of it is too short');
    place(unpacked, start, array, into);
  }
}

/** @param most chunks that there can be */
function* chunksOf(file: Buffer, root: number, rank: number, most: number): Generator<Chunk> {
  const key = 8 + 8 * (rank + 1);
  const nodes = [{ address: root, level: 256 }];
  const seen = new Set<number>();
  let found = 0;
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const { address } = node;
    if (seen.has(address) || seen.size > 2 * most + 256) throw new Error('the list of its chunks goes in circles');
    seen.add(address);
    if (file.toString('latin1', address, address + 4) !== 'TREE' || file[address + 4] !== CHUNKS) {
      throw new Error('the list of its chunks is damaged');
    }
    const level = file.readUInt8(address + 5);
    if (level >= node.level) throw new Error('the list of its chunks is damaged');
    const entries = file.readUInt16LE(address + 6);
    for (let entry = 0; entry < entries; entry++) {
      const at = address + NODE_HEAD + entry * (key + 8);
      const child = Number(file.readBigUInt64LE(at + key));
      if (level > 0) {
        nodes.push({ address: child, level });
        continue;
      }
      if (++found > most) throw new Error('it has more chunks than its shape');
      const length = file.readUInt32LE(at);
      if (child + length > file.length) throw new Error('it is cut off');
      yield {
        start: Array.from({ length: rank }, (_, axis) => Number(file.readBigUInt64LE(at + 8 + 8 * axis))),
        packed: file.subarray(child, child + length),
        skipped: file.readUInt32LE(at + 4),
      };
    }
  }
}

/** Copies a chunk row by row; what stands out beyond the array is left out. */
function place(from: Buffer, start: readonly number[], { shape, size, chunk }: ChunkedArray, into: Buffer): void {
  const lengths = chunk.map((length, axis) => Math.min(length, (shape[axis] ?? 0) - (start[axis] ?? 0)));
  if (start.some((index, axis) => index % (chunk[axis] ?? 1) !== 0) || lengths.some((length) => length <= 0)) {
    throw new Error('a chunk of it lies outside of it');
  }
  const last = shape.length - 1;
  const copy = (axis: number, source: number, target: number): void => {
    if (axis === last) {
      const begin = source * size;
      from.copy(into, (target + (start[axis] ?? 0)) * size, begin, begin + (lengths[axis] ?? 0) * size);
      return;
    }
    for (let index = 0; index < (lengths[axis] ?? 0); index++) {
      copy(
        axis + 1,
        (source + index) * (chunk[axis + 1] ?? 1),
        (target + (start[axis] ?? 0) + index) * (shape[axis + 1] ?? 1),
      );
    }
  };
  copy(0, 0, 0);
}
