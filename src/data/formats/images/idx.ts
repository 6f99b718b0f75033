import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { BadInputError, messageOf } from '../../../errors.ts';
import { allocateSamples } from '../../memory.ts';
import { pathProblem } from '../../findings/problems.ts';
import { excessOf, STORE_UNPACKED } from '../unpackedSize.ts';
import { gunzipInto, HIGHEST_RATIO, isGzip } from './gunzip.ts';

/** An array of unsigned bytes, row-major. */
export interface IdxArray {
  readonly dimensions: readonly number[];
  readonly bytes: Uint8Array;
}

interface Header {
  readonly dimensions: readonly number[];
  /** Bytes of the header, and of the values behind it. */
  readonly length: number;
  readonly valueBytes: number;
}

const MOST_DIMENSIONS = 3;
const LONGEST_HEADER = 4 + 4 * MOST_DIMENSIONS;
const ELEMENT_TYPES: Readonly<Record<number, string>> = {
  0x09: 'signed bytes',
  0x0b: '16-bit integers',
  0x0c: '32-bit integers',
  0x0d: '32-bit floats',
  0x0e: '64-bit floats',
};

/**
 * Reads a file in the IDX format of the MNIST family (http://yann.lecun.com/exdb/mnist/), gzipped or not: two zero
 * bytes, the element type, the number of dimensions, each dimension as a big-endian 32-bit number, the values. Never
 * decompresses more than the header announces.
 *
 * @throws BadInputError when the file is not IDX, not of unsigned bytes, empty, or longer or shorter than its header says
 */
export async function readIdx(path: string): Promise<IdxArray> {
  const name = basename(path);
  const content = await readWhole(path, name);
  return isGzip(content) ? readCompressed(content, name) : readPlain(content, name);
}

async function readWhole(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw refusal(`${name} cannot be read: ${messageOf(error)}.`, 'Check the file and its permissions.');
  }
}

function readPlain(content: Uint8Array, name: string): IdxArray {
  const header = parseHeader(content, name);
  checkLength(header, content.length, name);
  return { dimensions: header.dimensions, bytes: content.subarray(header.length) };
}

async function readCompressed(content: Uint8Array, name: string): Promise<IdxArray> {
  const start = new Uint8Array(LONGEST_HEADER);
  const { length, damage } = await gunzipInto(content, start);
  if (damage !== undefined && length < LONGEST_HEADER) throw damaged(name, damage, length, undefined);
  const header = parseHeader(start.subarray(0, length), name);
  const expected = header.length + header.valueBytes;
  if (expected > content.length * HIGHEST_RATIO) {
    const most = `${content.length} compressed bytes cannot hold more than ${content.length * HIGHEST_RATIO}`;
    throw refusal(`${name} announces ${expected} bytes, but its ${most}.`, 'Fetch the file again: it is damaged.');
  }
  const excess = excessOf(content.length, expected);
  if (excess !== undefined) throw refusal(`${name} cannot be unpacked: its ${excess}.`, STORE_UNPACKED);
  const target = allocateSamples(expected);
  const whole = await gunzipInto(content, target);
  if (whole.damage !== undefined) throw damaged(name, whole.damage, whole.length, expected);
  checkLength(header, whole.more ? Infinity : whole.length, name);
  return { dimensions: header.dimensions, bytes: target.subarray(header.length) };
}

function parseHeader(bytes: Uint8Array, name: string): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw refusal(`${name} ends within its header: it has ${bytes.length} bytes.`, FETCH_AGAIN);
  const type = view.getUint8(2);
  const rank = view.getUint8(3);
  if (view.getUint16(0) !== 0 || !(type === 0x08 || type in ELEMENT_TYPES) || rank === 0) {
    throw refusal(`${name} is not an IDX file: it begins with ${hex(bytes.subarray(0, 4))}.`, FETCH_AGAIN);
  }
  if (type !== 0x08) {
    throw refusal(`${name} holds ${ELEMENT_TYPES[type] ?? 'other values'}.`, 'Store the values as unsigned bytes.');
  }
  if (rank > MOST_DIMENSIONS) {
    throw refusal(`${name} has ${rank} dimensions.`, 'Images have three (count, height, width), labels one.');
  }
  const length = 4 + 4 * rank;
  if (bytes.length < length) {
    throw refusal(`${name} ends within its header: ${length} bytes were expected, ${bytes.length} found.`, FETCH_AGAIN);
  }
  const dimensions = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const valueBytes = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (valueBytes === 0) throw refusal(`${name} is empty: its dimensions are ${dimensions.join(' × ')}.`, FETCH_AGAIN);
  return { dimensions, length, valueBytes };
}

/** @param found length of the file, uncompressed; Infinity when it is longer than the header says, and by how much is unknown */
function checkLength(header: Header, found: number, name: string): void {
  const expected = header.length + header.valueBytes;
  if (found === expected) return;
  const size = `its header (${header.dimensions.join(' × ')}) announces ${expected} bytes`;
  const actual = found === Infinity ? 'more' : String(found);
  throw refusal(`${name} is too ${found < expected ? 'short' : 'long'}: ${size}, ${actual} found.`, FETCH_AGAIN);
}

const FETCH_AGAIN = 'Fetch the file again, or write it as IDX.';

function damaged(name: string, damage: string, found: number, expected: number | undefined): BadInputError {
  const progress = expected === undefined ? `${found} bytes` : `${found} of ${expected} bytes`;
  return refusal(`The gzip data of ${name} is damaged (${damage}): ${progress} came out.`, 'Fetch the file again.');
}

function refusal(message: string, hint: string): BadInputError {
  return new BadInputError([pathProblem(message, hint)]);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
