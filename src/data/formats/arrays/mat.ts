import { inflateSync } from 'node:zlib';
import { BadInputError, reasonOf } from '../../../errors.ts';
import { pathProblem } from '../../findings/problems.ts';
import { mostUnpacked } from '../unpackedSize.ts';
import { areLabels } from './arrayNames.ts';
import { areNames } from './namesBeside.ts';
import { COMPRESSED, elementAt, numbersOf, type Element } from './matElements.ts';
import { textsOfMatrix } from './matTexts.ts';
import { rowMajor, type NpyArray } from './npy.ts';
import { textArray } from './textArray.ts';

const HEADER = 128;
/** Type of an element that is a variable. */
const MATRIX = 14;
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
const [CELLS, STRUCT, TEXT] = [1, 2, 4];
/** Structs within structs that are looked into. */
const DEEPEST = 4;

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
      else if (found.array && isOfUse(found.name, found.array)) arrays.set(found.name.toLowerCase(), found.array);
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
    else if (array && isOfUse(name, array)) arrays.set(`${prefix}${name}`.toLowerCase(), array);
    else others.push(`${prefix}${name} (${what})`);
  }
}

/** Texts are labels, or tell of the data. */
function isOfUse(name: string, { words }: NpyArray): boolean {
  return words === undefined || areLabels(name) || areNames(name);
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
  if (kind === CELLS || kind === TEXT) {
    const shape = Array.from(numbersOf(dimensions, little));
    const texts =
      kind === TEXT ? textsOfMatrix(bytes, named.end, little, shape) : cellsOf(bytes, named.end, little, shape);
    const what = OTHER_CLASSES[kind] ?? '';
    return texts ? { name, array: textArray(texts), what } : { name, what };
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

/** The texts of a list of cells; undefined where they hold anything else. */
function cellsOf(
  bytes: Buffer,
  start: number,
  little: boolean,
  shape: readonly number[],
): readonly string[] | undefined {
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  if (count !== Math.max(...shape) || count === 0) return undefined;
  const texts: string[] = [];
  let at = start;
  for (let cell = 0; cell < count; cell++) {
    const element = elementAt(bytes, at, little);
    at = element.end;
    if (element.type !== MATRIX) throw new Error('its cells are damaged');
    const text = textOfCell(element.content, little);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

function textOfCell(bytes: Buffer, little: boolean): string | undefined {
  if (bytes.length === 0) return '';
  const flags = elementAt(bytes, 0, little);
  const kind = (little ? flags.content.readUInt32LE(0) : flags.content.readUInt32BE(0)) & 0xff;
  const dimensions = elementAt(bytes, flags.end, little);
  const named = elementAt(bytes, dimensions.end, little);
  const shape = Array.from(numbersOf(dimensions, little));
  if (shape.includes(0)) return '';
  const texts = kind === TEXT ? textsOfMatrix(bytes, named.end, little, shape) : undefined;
  return texts?.length === 1 ? texts[0] : undefined;
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

function refusal(message: string, hint: string): BadInputError {
  return new BadInputError([pathProblem(message, hint)]);
}
