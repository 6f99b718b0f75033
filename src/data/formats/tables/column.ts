import { isUtf8 } from 'node:buffer';
import type { EncodedImage } from '../images/decoding/encodedImage.ts';
import { decodeWindows1252 } from '../windows1252.ts';
import { DECIMAL_POINT, isMissingWord, parseNumber } from './numbers/parseNumber.ts';
import { WrittenNumbers } from './numbers/writtenNumbers.ts';

/** A column whose cells are numbers; NaN where there is none. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  /** At least as many as there are rows. */
  readonly values: Float64Array;
  /** Whether the file stores them as whole numbers and not merely writes them so. */
  readonly isInteger?: boolean | undefined;
  /** How whole numbers are written, where that is not as usual: 001, 1.0. */
  readonly written?: ReadonlyMap<number, string> | undefined;
  /** Whether `written` has the names of classes that the numbers stand for. */
  readonly namesClasses?: boolean | undefined;
  /** Whether the cells tell apart what numbers do not: 01 and 1 occur side by side, or there are more digits than a number keeps. */
  readonly holdsNames?: boolean | undefined;
  /** Whether cells are written as codes are: 00501, or with more digits than a number keeps. */
  readonly holdsCodes?: boolean | undefined;
  /** What a cell says, where numbers are written in another way than usual: NaN for a missing one, undefined for what is none. */
  readonly numberOf?: ((cell: string) => number | undefined) | undefined;
  /** The column of the file of whose cells these are a part, as of pairs such as 120/80; left out where it is called alike. */
  readonly of?: string | undefined;
  /** Whether all rows of the table, of which these are some, are numbered one after another. */
  readonly countsRows?: boolean | undefined;
}

/** A column of words or texts, each kept once. */
export interface WordColumn {
  readonly kind: 'words';
  readonly name: string;
  /** What occurs, in the order of first occurrence. */
  readonly words: readonly string[];
  /** Index into `words` for every row, and maybe more. */
  readonly codes: Int32Array;
}

export type Column = NumberColumn | WordColumn;

/** The column of the file that a column was read from. */
export function sourceOf(column: Column): string {
  return (column.kind === 'number' ? column.of : undefined) ?? column.name;
}

/** How the cells of a column are kept. */
export type Storage = Column['kind'];

/** Rows of cells by column. */
export interface Table {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly count: number;
  readonly columns: readonly Column[];
  /** The line of the file on which a row begins, from 1. */
  lineOf(row: number): number;
  /** What a person should know about how the file was read. */
  readonly remarks: readonly string[];
  /** What was understood of its form, where that is not the usual one. */
  readonly notes?: readonly string[] | undefined;
  /** How many rows the table has of which these are some; left out where these are all. */
  readonly sampledFrom?: number | undefined;
  /** The image of every row, when the table brings images. */
  readonly images?: readonly EncodedImage[];
}

/** True where the column has no value in a row. */
export function lacksValue(column: Column, row: number): boolean {
  return column.kind === 'number'
    ? Number.isNaN(column.values[row] ?? NaN)
    : isMissingWord(column.words[column.codes[row] ?? -1] ?? '');
}

/** Rows in which a column has no value, without looking at each cell as a word. */
export function missingRows(column: Column, count: number): number {
  let missing = 0;
  if (column.kind === 'number') {
    const { values } = column;
    for (let row = 0; row < count; row++) if (Number.isNaN(values[row])) missing++;
    return missing;
  }
  const isMissingCode = Uint8Array.from(column.words, (word) => (isMissingWord(word) ? 1 : 0));
  for (let row = 0; row < count; row++) missing += isMissingCode[column.codes[row] ?? 0] ?? 0;
  return missing;
}

/** Takes the cells of one column as they are read. */
export interface ColumnBuilder {
  /** @returns false when the cell cannot be kept */
  put(row: number, bytes: Buffer, start: number, end: number): boolean;
}

/** Grows as needed, a quarter at a time. */
function longEnough<Data extends Float64Array | Int32Array>(
  data: Data,
  row: number,
  make: (length: number) => Data,
): Data {
  if (row < data.length) return data;
  const longer = make(Math.ceil(1.25 * (row + 1)));
  longer.set(data);
  return longer;
}

/** Keeps numbers; refuses anything else. */
export class NumberBuilder implements ColumnBuilder {
  #values: Float64Array;
  readonly #point: number;
  readonly #written = new WrittenNumbers();

  /** @param point the byte between whole and fraction */
  constructor(expectedRows: number, point = DECIMAL_POINT) {
    this.#values = new Float64Array(expectedRows);
    this.#point = point;
  }

  put(row: number, bytes: Buffer, start: number, end: number): boolean {
    const value = parseNumber(bytes, start, end, this.#point);
    if (value === undefined) return false;
    this.putNumber(row, value);
    if (Number.isInteger(value)) this.#written.look(value, bytes, start, end);
    return true;
  }

  putNumber(row: number, value: number): void {
    if (row >= this.#values.length) {
      this.#values = longEnough(this.#values, row, (length) => new Float64Array(length));
    }
    this.#values[row] = value;
  }

  finish(name: string): NumberColumn {
    const written = this.#written.found;
    const holdsNames = this.#written.areNames;
    const holdsCodes = this.#written.areCodes;
    return {
      kind: 'number',
      name,
      values: this.#values,
      ...(written && { written }),
      ...(holdsNames && { holdsNames }),
      ...(holdsCodes && { holdsCodes }),
    };
  }
}

/** The encoding of cells, found from those that are not plain ASCII. */
export interface EncodingEvidence {
  utf8: boolean;
  /** Line of the first cell that is no UTF-8; undefined while there is none. */
  otherLine: number | undefined;
  /** Line of the first of these with bytes that Windows-1252 lacks. */
  unknownLine?: number | undefined;
}

const NOT_IN_WINDOWS_1252 = /[\u0081\u008d\u008f\u0090\u009d]/;

/** Keeps every word once. Bytes are held as Latin-1 until the encoding of the whole file is known. */
export class WordBuilder implements ColumnBuilder {
  readonly #codeOf = new Map<string, number>();
  readonly #firstRows: number[] = [];
  #codes: Int32Array;

  constructor(expectedRows: number) {
    this.#codes = new Int32Array(expectedRows);
  }

  put(row: number, bytes: Buffer, start: number, end: number): boolean {
    this.putWord(row, bytes.toString('latin1', start, end));
    return true;
  }

  /** @param word one character for each byte of the file */
  putWord(row: number, word: string): void {
    let code = this.#codeOf.get(word);
    if (code === undefined) {
      code = this.#codeOf.size;
      this.#codeOf.set(word, code);
      this.#firstRows.push(row);
    }
    if (row >= this.#codes.length) this.#codes = longEnough(this.#codes, row, (length) => new Int32Array(length));
    this.#codes[row] = code;
  }

  /** Adds to `evidence` what the words say about the encoding of the file. */
  examine(evidence: EncodingEvidence, lineOf: (row: number) => number): void {
    let index = 0;
    for (const word of this.#codeOf.keys()) {
      if (!isAscii(word)) {
        if (isUtf8(Buffer.from(word, 'latin1'))) evidence.utf8 = true;
        else {
          const line = lineOf(this.#firstRows[index] ?? 0);
          evidence.otherLine = Math.min(evidence.otherLine ?? Infinity, line);
          if (NOT_IN_WINDOWS_1252.test(word)) evidence.unknownLine = Math.min(evidence.unknownLine ?? Infinity, line);
        }
      }
      index++;
    }
  }

  finish(name: string, decode: (word: string) => string): WordColumn {
    return { kind: 'words', name, words: [...this.#codeOf.keys()].map(decode), codes: this.#codes };
  }
}

/** Turns bytes that are held as Latin-1 into text. */
export function decoderOf(encoding: 'utf-8' | 'windows-1252'): (word: string) => string {
  const decode = encoding === 'utf-8' ? (bytes: Buffer) => bytes.toString() : decodeWindows1252;
  return (word) => (isAscii(word) ? word : decode(Buffer.from(word, 'latin1')));
}

function isAscii(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) > 0x7f) return false;
  return true;
}
