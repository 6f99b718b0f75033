import { inflateSync } from 'node:zlib';
import { BadInputError, reasonOf } from '../../../errors.ts';
import { pathProblem } from '../../findings/problems.ts';
import { mostUnpacked } from '../unpackedSize.ts';
import { rowMajor, type NpyArray } from './npy.ts';

const HEADER = 128;
/** Types of elements. */
const [MATRIX, COMPRESSED] = [14, 15];
/** How numbers of each stored type lie there; types that are no numbers are left out. */
const NUMBERS = {
  1: Int8Array,
  2: Uint8Array,
  3: Int16Array,
  4: Uint16Array,
  5: Int32Array,
  6: Uint32Array,
  7: Float32Array,
  9: Float64Array,
  12: BigInt64Array,
  13: BigUint64Array,
} as const;
/** Classes of variables that are numbers, and what they are kept as. */
const CLASSES: Readonly<Record<number, NpyArray['type']>> = {
  6: 'f8',
  7: 'f4',
  8: 'i1',
  9: 'u1',
  10: 'i2',
  11: 'u2',
  12: 'i4',
  13: 'u4',
  14: 'i8',
  15: 'u8',
};
const OTHER_CLASSES: Readonly<Record<number, string>> = {
  1: 'cells',
  2: 'a struct',
  3: 'an object',
  4: 'text',
  5: 'a sparse matrix',
};
const COMPLEX = 0x08;
const STRUCT = 2;
/** Structs within structs that are looked into. */
const DEEPEST = 4;

interface Element {
  readonly type: number;
  readonly content: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

/**
 * Reads the variables of a MAT file of version 5 to 7.2 that are arrays of numbers ("MAT-File Format", MathWorks). Vectors lose the axis that
 * MATLAB gives them.
 *
 * @param others takes what variables are that are no arrays of numbers
 * @throws BadInputError when it is damaged, or of another version
 */
export function parseMat(bytes: Uint8Array, name: string, others: string[]): ReadonlyMap<string, NpyArray> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = file.toString('latin1', 0, Math.min(HEADER, file.length));
  const mark = text.slice(126, 128);
  if (file.length <= HEADER || (mark !== 'IM' && mark !== 'MI')) {
    throw refusal(
      `${name} is no MAT file of version 5 to 7.2.`,
      "In MATLAB: save('data.mat', 'X', 'y', '-v7'); in Python: scipy.io.savemat.",
    );
  }
  const little = mark === 'IM';
  const arrays = new Map<string, NpyArray>();
  const structs: Variable[] = [];
  try {
    for (let at = HEADER; at + 8 <= file.length;) {
      const element = elementAt(file, at, little);
      at = element.end;
      const matrix = element.type === COMPRESSED ? unpacked(element.content, little) : element;
      if (matrix.type !== MATRIX) continue;
      const found = matrixOf(matrix.content, little);
      if (found.fields) structs.push(found);
      else if (found.array) arrays.set(found.name.toLowerCase(), found.array);
      else others.push(`${found.name} (${found.what})`);
    }
    // What a single struct holds needs not its name.
    const isAlone = structs.length === 1 && arrays.size === 0;
    for (const { name: key, fields = [] } of structs) keepFields(isAlone ? '' : `${key}_`, fields, arrays, others);
  } catch (error) {
    throw refusal(`${name} cannot be read as a MAT file: ${reasonOf(error)}.`, 'Save it again.');
  }
  return arrays;
}

function unpacked(content: Buffer, little: boolean): Element {
  return elementAt(inflateSync(content, { maxOutputLength: mostUnpacked(content.length) }), 0, little);
}

/** Elements are as long as a multiple of 8 bytes, but for packed ones; short ones lie in their own head. */
function elementAt(bytes: Buffer, at: number, little: boolean): Element {
  const word = (place: number): number => (little ? bytes.readUInt32LE(place) : bytes.readUInt32BE(place));
  const head = word(at);
  const short = head >>> 16;
  if (short > 0) {
    if (short > 4) throw new Error('a short element of it is too long');
    return { type: head & 0xffff, content: bytes.subarray(at + 4, at + 4 + short), end: at + 8 };
  }
  const size = word(at + 4);
  const start = at + 8;
  if (start + size > bytes.length) throw new Error('it is cut off');
  const padding = head === COMPRESSED ? 0 : (8 - (size % 8)) % 8;
  return { type: head, content: bytes.subarray(start, start + size), end: start + size + padding };
}

/** A variable, or a field of a struct. */
interface Variable {
  readonly name: string;
  readonly array?: NpyArray;
  readonly fields?: readonly Variable[];
  /** What it is, where it is neither. */
  readonly what: string;
}

/** The arrays of a struct and of those in it, by the way to them. */
function keepFields(
  prefix: string,
  fields: readonly Variable[],
  arrays: Map<string, NpyArray>,
  others: string[],
): void {
  for (const { name, array, fields: inner, what } of fields) {
    if (inner) keepFields(`${prefix}${name}_`, inner, arrays, others);
    else if (array) arrays.set(`${prefix}${name}`.toLowerCase(), array);
    else others.push(`${prefix}${name} (${what})`);
  }
}

function matrixOf(bytes: Buffer, little: boolean, depth = 0): Variable {
  const flags = elementAt(bytes, 0, little);
  const word = little ? flags.content.readUInt32LE(0) : flags.content.readUInt32BE(0);
  const kind = word & 0xff;
  const isComplex = ((word >>> 8) & COMPLEX) !== 0;
  const dimensions = elementAt(bytes, flags.end, little);
  const named = elementAt(bytes, dimensions.end, little);
  const name = named.content.toString('latin1');
  if (kind === STRUCT && depth < DEEPEST) {
    const fields = fieldsOf(bytes, named.end, little, Array.from(numbersOf(dimensions, little)), depth);
    if (fields) return { name, fields, what: '' };
  }
  const type = CLASSES[kind];
  if (type === undefined || isComplex)
    return { name, what: isComplex ? 'complex numbers' : (OTHER_CLASSES[kind] ?? 'no numbers') };
  const shape = Array.from(numbersOf(dimensions, little));
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  if (count === 0) return { name, what: 'empty' };
  const numbers = numbersOf(elementAt(bytes, named.end, little), little);
  if (numbers.length !== count) throw new Error(`${name} has fewer or more values than it says`);
  const values =
    type === 'u1' ? Uint8Array.from(numbers) : type === 'f4' ? Float32Array.from(numbers) : Float64Array.from(numbers);
  // Vectors are matrices of one column or row.
  const axes = shape.length === 2 && shape.includes(1) ? [Math.max(...shape)] : shape;
  return { name, array: { shape: axes, type, values: axes.length > 1 ? rowMajor(values, axes) : values }, what: '' };
}

/** The fields of a struct; undefined where it is an array of them. */
function fieldsOf(
  bytes: Buffer,
  start: number,
  little: boolean,
  shape: readonly number[],
  depth: number,
): readonly Variable[] | undefined {
  if (shape.some((length) => length !== 1)) return undefined;
  const lengths = elementAt(bytes, start, little);
  const length = numbersOf(lengths, little)[0] ?? 0;
  const names = elementAt(bytes, lengths.end, little);
  if (length <= 0 || names.content.length % length !== 0) throw new Error('the names of its fields are damaged');
  let at = names.end;
  return Array.from({ length: names.content.length / length }, (_, field) => {
    const [name = ''] = names.content.toString('latin1', field * length, (field + 1) * length).split('\0');
    const element = elementAt(bytes, at, little);
    at = element.end;
    if (element.type !== MATRIX || element.content.length === 0) return { name, what: 'empty' };
    return { ...matrixOf(element.content, little, depth + 1), name };
  });
}

function numbersOf({ type, content }: Element, little: boolean): ArrayLike<number> {
  const Numbers = isNumberType(type) ? NUMBERS[type] : undefined;
  if (!Numbers) throw new Error('it has values of an unknown type');
  const size = Numbers.BYTES_PER_ELEMENT;
  if (content.length % size !== 0) throw new Error('it is cut off');
  // Numbers of several bytes begin anywhere in the file.
  const bytes = Buffer.from(new Uint8Array(content).buffer);
  if (!little && size === 2) bytes.swap16();
  if (!little && size === 4) bytes.swap32();
  if (!little && size === 8) bytes.swap64();
  const numbers = new Numbers(bytes.buffer, 0, bytes.length / size);
  return numbers instanceof BigInt64Array || numbers instanceof BigUint64Array
    ? Float64Array.from(numbers, Number)
    : numbers;
}

function isNumberType(type: number): type is keyof typeof NUMBERS {
  return type in NUMBERS;
}

function refusal(message: string, hint: string): BadInputError {
  return new BadInputError([pathProblem(message, hint)]);
}
