import { BadInputError } from '../../../errors.ts';
import { pathProblem } from '../../findings/problems.ts';
import { textArray } from './textArray.ts';

/** An array as NumPy stored it. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Values in row-major order. */
  readonly values: Uint8Array | Float32Array | Float64Array;
  /** What the values are places in, where the array is of texts. */
  readonly words?: readonly string[];
}

type ElementType = 'b1' | 'u1' | 'u2' | 'u4' | 'u8' | 'i1' | 'i2' | 'i4' | 'i8' | 'f2' | 'f4' | 'f8';

interface Header {
  readonly type: ElementType;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

const MAGIC = '\x93NUMPY';
const HINT = 'Save it again with numpy.save.';

/**
 * Reads an array in NumPy's NPY format, version 1 to 3 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 * Bytes and truth values stay bytes; everything else becomes floating-point numbers that hold it best.
 *
 * @throws BadInputError when it is no NPY file, or of a type that is no number, or longer or shorter than it says
 */
export function parseNpy(bytes: Uint8Array, name: string): NpyArray {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.toString('latin1', 0, 6) !== MAGIC || buffer.length < 12) throw refusal(`${name} is no NPY file.`);
  const major = buffer[6] ?? 0;
  if (major < 1 || major > 3) throw refusal(`${name} is NPY version ${major}, which is not known.`);
  const headerStart = major === 1 ? 10 : 12;
  const headerLength = major === 1 ? buffer.readUInt16LE(8) : buffer.readUInt32LE(8);
  const start = headerStart + headerLength;
  if (start > buffer.length) throw refusal(`${name} ends within its header.`);
  const text = buffer.toString('latin1', headerStart, start);
  const texts = textsIn(text, buffer.subarray(start));
  if (texts) return texts;
  const header = parseHeader(text, name);
  const count = header.shape.reduce((product, dimension) => product * dimension, 1);
  const size = Number(header.type.slice(1));
  if (!Number.isSafeInteger(count) || count === 0)
    throw refusal(`${name} is empty: its shape is (${header.shape.join(', ')}).`);
  if (buffer.length - start !== count * size) {
    throw refusal(
      `${name} is too ${buffer.length - start < count * size ? 'short' : 'long'}: (${header.shape.join(', ')}) values of ` +
        `${header.type} take ${count * size} bytes, ${buffer.length - start} found.`,
    );
  }
  const values = readValues(buffer.subarray(start), header, count);
  return {
    shape: header.shape,
    type: header.type,
    values: header.fortranOrder && header.shape.length > 1 ? rowMajor(values, header.shape) : values,
  };
}

/** A list of texts, each of as many characters (`<U12`, four bytes each) or bytes (`|S12`), filled up with zeros; undefined for anything else. */
function textsIn(header: string, bytes: Buffer): NpyArray | undefined {
  const [, order, kind, length = '0'] = /'descr'\s*:\s*'([<>|=])([US])(\d+)'/.exec(header) ?? [];
  const [, list] = /'shape'\s*:\s*\((\d+),?\s*(?:1,?)?\s*\)/.exec(header) ?? [];
  const size = Number(length) * (kind === 'U' ? 4 : 1);
  const count = Number(list);
  if (kind === undefined || list === undefined || size === 0 || bytes.length !== count * size) return undefined;
  return textArray(
    Array.from({ length: count }, (_, row) =>
      textOf(bytes.subarray(row * size, (row + 1) * size), kind === 'U', order !== '>'),
    ),
  );
}

function textOf(bytes: Buffer, isWide: boolean, little: boolean): string {
  if (!isWide) return bytes.toString('utf8').replace(/\0+$/, '');
  const codes = Array.from({ length: bytes.length / 4 }, (_, at) =>
    little ? bytes.readUInt32LE(4 * at) : bytes.readUInt32BE(4 * at),
  );
  const last = codes.findLastIndex((code) => code !== 0) + 1;
  return String.fromCodePoint(...codes.slice(0, last).map((code) => (code > 0x10ffff ? 0xfffd : code)));
}

function parseHeader(text: string, name: string): Header {
  const descr = /'descr'\s*:\s*'([<>|=])([a-zA-Z]\d*)'/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const shape = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text);
  if (!order || !shape) throw refusal(`The header of ${name} is damaged.`);
  const type = descr?.[2];
  if (type === 'O') {
    throw new BadInputError([
      pathProblem(
        `${name} holds Python objects, which are pickled: reading them runs whatever program their author put into them.`,
        'In Python, if you trust it: numpy.savez(path, x=numpy.stack(x), y=y), with values of one shape and type.',
      ),
    ]);
  }
  if (/'descr'\s*:\s*\[/.test(text)) {
    throw new BadInputError([
      pathProblem(
        `${name} holds records of named fields, and no numbers alone.`,
        "In Python: pandas.DataFrame(numpy.load(path)).to_parquet('data.parquet'), which is read with its columns.",
      ),
    ]);
  }
  if (!isElementType(type)) {
    throw new BadInputError([
      pathProblem(
        `${name} holds values of type ${type ?? /'descr'\s*:\s*([^,]*)/.exec(text)?.[1] ?? 'unknown'}.`,
        'Store whole or floating-point numbers of 8 to 64 bits, or truth values.',
      ),
    ]);
  }
  return {
    type,
    littleEndian: descr?.[1] !== '>',
    fortranOrder: order[1] === 'True',
    shape: (shape[1] ?? '')
      .split(',')
      .filter((part) => part.trim() !== '')
      .map((part) => Number.parseInt(part, 10)),
  };
}

/** Whether that is how NumPy writes a type of numbers that is read, without the order of its bytes. */
export function isElementType(type: string | undefined): type is ElementType {
  return /^(?:b1|[ui][1248]|f[248])$/.test(type ?? '');
}

/** Numbers that lie one behind the other: bytes and truth values stay bytes. */
export function readValues(
  bytes: Buffer,
  { type, littleEndian }: Pick<Header, 'type' | 'littleEndian'>,
  count: number,
): NpyArray['values'] {
  if (type === 'u1' || type === 'b1') return new Uint8Array(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = Number(type.slice(1));
  const values =
    type === 'f8' || type === 'i8' || type === 'u8' || (size === 4 && type !== 'f4')
      ? new Float64Array(count)
      : new Float32Array(count);
  const read = readerOf(view, type, littleEndian);
  for (let index = 0; index < count; index++) values[index] = read(index * size);
  return values;
}

function readerOf(view: DataView, type: ElementType, little: boolean): (at: number) => number {
  switch (type) {
    case 'b1':
    case 'u1':
      return (at) => view.getUint8(at);
    case 'u2':
      return (at) => view.getUint16(at, little);
    case 'u4':
      return (at) => view.getUint32(at, little);
    case 'u8':
      return (at) => Number(view.getBigUint64(at, little));
    case 'i1':
      return (at) => view.getInt8(at);
    case 'i2':
      return (at) => view.getInt16(at, little);
    case 'i4':
      return (at) => view.getInt32(at, little);
    case 'i8':
      return (at) => Number(view.getBigInt64(at, little));
    case 'f2':
      return (at) => halfToNumber(view.getUint16(at, little));
    case 'f4':
      return (at) => view.getFloat32(at, little);
    case 'f8':
      return (at) => view.getFloat64(at, little);
  }
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Reorders values whose first index runs fastest. */
/** Values that lie with their first axis closest together, in row-major order. */
export function rowMajor<Values extends NpyArray['values']>(values: Values, shape: readonly number[]): Values {
  const result = values.slice() as Values;
  const index = shape.map(() => 0);
  for (const value of values) {
    let at = 0;
    for (let axis = 0; axis < shape.length; axis++) at = at * (shape[axis] ?? 1) + (index[axis] ?? 0);
    result[at] = value;
    for (let axis = 0; axis < shape.length; axis++) {
      index[axis] = ((index[axis] ?? 0) + 1) % (shape[axis] ?? 1);
      if (index[axis] !== 0) break;
    }
  }
  return result;
}

function refusal(message: string): BadInputError {
  return new BadInputError([pathProblem(message, HINT)]);
}
