import { BadInputError } from '../../errors.ts';
import { pathProblem } from '../problems.ts';
import { decoderOf, type Storage } from './column.ts';
import { detectDialect, LINE_FEED, type Dialect } from './dialect.ts';
import { readPieces } from './fileBytes.ts';
import { isMissing, parseNumber } from './parseNumber.ts';
import { DelimitedScanner } from './scanDelimited.ts';
import { isUtf8 } from 'node:buffer';

/** What the beginning of a delimited file tells about the rest. */
export interface OpeningLines {
  readonly dialect: Dialect;
  /** Whether the first record names the columns. */
  readonly header: boolean;
  readonly names: readonly string[];
  /** How each column is likely to be kept. */
  readonly storage: readonly Storage[];
  /** Rows that the whole file is likely to have. */
  readonly expectedRows: number;
}

const SAMPLE = 2 ** 18;

/** Names that tell a header where everything is text. */
const USUAL_NAMES =
  /^(?:label|labels|class|classes|target|y|category|sentiment|text|sentence|review|comment|content|title|id|name|group|path|image|file|filename|feature|value)s?$/i;

/** @throws BadInputError when the file cannot be read, is empty, or its columns are named twice */
export async function readOpeningLines(path: string, name: string): Promise<OpeningLines> {
  let sample = Buffer.alloc(0);
  const size = await readPieces(
    path,
    name,
    (bytes, last) => {
      sample = Buffer.from(bytes.length > SAMPLE || !last ? wholeLines(bytes.subarray(0, SAMPLE)) : bytes);
      return 0;
    },
    { stop: () => sample.length > 0 },
  );
  const dialect = detectDialect(sample, name);
  const records: string[][] = [];
  let record: string[] = [];
  const decode = decoderOf(isUtf8(sample) ? 'utf-8' : 'windows-1252');
  const scanner = new DelimitedScanner(dialect, {
    cell: (column, bytes, start, end) => {
      if (column === 0) record = [];
      record[column] = bytes.toString('latin1', start, end);
    },
    record: () => {
      records.push(record);
    },
    // Told when the whole file is read.
    damage: () => undefined,
  });
  const read = scanner.scan(sample, true);
  const [first, ...others] = records;
  if (!first) throw new BadInputError([pathProblem(`${name} is empty.`, 'A table needs a line for every sample.')]);
  const storage = first.map((_, column) => storageOf(others, column));
  const header = isHeader(first, others, storage);
  if (!header) first.forEach((_, column) => (storage[column] = storageOf(records, column)));
  return {
    dialect,
    header,
    names: header ? headerNames(first, name, decode) : first.map((_, column) => `column ${column + 1}`),
    storage,
    expectedRows: Math.ceil((1.02 * size * records.length) / Math.max(1, read)),
  };
}

function wholeLines(bytes: Buffer): Buffer {
  const end = bytes.lastIndexOf(LINE_FEED);
  return end < 0 ? bytes : bytes.subarray(0, end + 1);
}

function storageOf(records: readonly (readonly string[])[], column: number): Storage {
  let found = false;
  for (const record of records) {
    const cell = record[column] ?? '';
    if (isMissing(cell)) continue;
    if (!isNumber(cell)) return 'words';
    found = true;
  }
  return found ? 'number' : 'words';
}

function isNumber(cell: string): boolean {
  const bytes = Buffer.from(cell, 'latin1');
  return parseNumber(bytes, 0, bytes.length) !== undefined;
}

/**
 * The first line names the columns when no cell of it is a number or empty, none occurs twice, and it differs from
 * what follows: a column of numbers below, a usual name, or names that are no values of their columns.
 */
function isHeader(
  first: readonly string[],
  others: readonly (readonly string[])[],
  storage: readonly Storage[],
): boolean {
  const cells = first.map((cell) => cell.trim());
  // The first column of a table that was saved with its row numbers often has no name.
  if (cells.some((cell, column) => (column > 0 && cell === '') || (cell !== '' && isNumber(cell)))) return false;
  if (storage.includes('number') || cells.some((cell) => USUAL_NAMES.test(cell))) return true;
  const looksLikeNames = cells.every((cell) => /^[\p{L}_][\p{L}\p{N}_.-]{0,40}$/u.test(cell));
  return looksLikeNames && !cells.some((cell, column) => others.some((record) => record[column]?.trim() === cell));
}

function headerNames(first: readonly string[], file: string, decode: (word: string) => string): readonly string[] {
  const names = first.map((cell, column) => decode(cell).trim() || `column ${column + 1}`);
  const twice = names.filter((name, column) => names.indexOf(name) !== column);
  if (twice.length === 0) return names;
  throw new BadInputError(
    [...new Set(twice)].map((name) =>
      pathProblem(`${file} has more than one column '${name}'.`, 'Give every column a name of its own.'),
    ),
  );
}
