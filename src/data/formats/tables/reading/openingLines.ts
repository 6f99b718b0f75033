import { BadInputError } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { refuseDisguised } from '../../disguisedFiles.ts';
import { decoderOf, type Storage } from '../column.ts';
import { CARRIAGE_RETURN, detectDialect, LINE_FEED, type Dialect } from './dialect.ts';
import { readPieces } from './fileBytes.ts';
import { fileEncoding, wholeLines, type FileEncoding } from './fileEncoding.ts';
import { countsRows, headerNames, isHeader, secondHeader, type FirstLines } from '../columnNames.ts';
import { DECIMAL_COMMA, DECIMAL_POINT, isMissing, parseNumber } from '../numbers/parseNumber.ts';
import { DelimitedScanner } from './scanDelimited.ts';
import { isUtf8 } from 'node:buffer';

/** What the beginning of a delimited file tells about the rest. */
export interface OpeningLines {
  /** That of the whole file, where it is neither UTF-8 nor Windows-1252, which its cells tell. */
  readonly encoding: FileEncoding | undefined;
  readonly dialect: Dialect;
  /** Records at the beginning that are no rows: none, the names of the columns, two lines of names, of which one may be units, or names and two that explain them. */
  readonly headerLines: number;
  /** Whether one of them names the columns. */
  readonly header: boolean;
  /** What the first record says, where that is how many rows and columns there are and which classes. */
  readonly counted: string | undefined;
  readonly names: readonly string[];
  /** Places of the columns that the header has no name for, or of all where there is none. */
  readonly unnamed: ReadonlySet<number>;
  /** Names that were given as the header has them twice. */
  readonly repeated: readonly string[];
  /** How each column is likely to be kept. */
  readonly storage: readonly Storage[];
  /** The byte between whole and fraction in each column. */
  readonly points: readonly number[];
  /** Whether the file writes 0,5 or 0.5; undefined where nothing tells. */
  readonly decimalComma: boolean | undefined;
  /** Rows that the whole file is likely to have. */
  readonly expectedRows: number;
}

const SAMPLE = 2 ** 18;
/** Lines that a sample has at least, however long they are. */
const FEWEST_LINES = 3;
const SEMICOLON = 0x3b;
/** What Qualtrics calls a column, as JSON. */
const IMPORT_NAME = /^\{"+ImportId/;
/** A column with so many numbers below the first line is one of numbers, for all that a few cells are not. */
const MOSTLY = 0.8;

/** Bytes of the beginning that tell how the rest is written; undefined where that is not among them. */
function sampleLength(bytes: Buffer): number | undefined {
  let lines = 0;
  let end = -1;
  while (lines < FEWEST_LINES && (end = bytes.indexOf(LINE_FEED, end + 1)) >= 0) lines++;
  if (lines < FEWEST_LINES) return bytes.includes(LINE_FEED) || !bytes.includes(CARRIAGE_RETURN) ? undefined : SAMPLE;
  return Math.max(SAMPLE, end + 1) < bytes.length ? Math.max(SAMPLE, end + 1) : undefined;
}

/**
 * Reads the beginning of a file, and decides what it tells about the rest.
 *
 * @param options `encoding`: what a person named for files that are not UTF-8; `isPart`: whether other files of the same table may be in
 * other encodings, so that each is decoded by itself
 * @throws BadInputError when the file cannot be read, or is empty
 */
export async function readOpeningLines(
  path: string,
  name: string,
  options: { readonly encoding?: string | undefined; readonly isPart?: boolean } = {},
): Promise<OpeningLines> {
  await refuseDisguised(path, name);
  const likely = await fileEncoding(path, name, options.encoding);
  // All of a file tells better than its beginning whether it is in Windows-1252 throughout.
  const isLeftOpen =
    likely?.isGuess === true &&
    likely.encoding === 'windows-1252' &&
    (options.isPart !== true || likely.isMixed === true);
  const encoding = isLeftOpen ? undefined : likely;
  const { sample, bytes } = await readSample(path, name, encoding);
  const dialect = detectDialect(sample, name);
  const { records, read } = recordsOf(sample, dialect);
  const [first, ...others] = records;
  if (!first) throw new BadInputError([pathProblem(`${name} is empty.`, 'A table needs a line for every sample.')]);
  if (isVowpalWabbit(sample)) {
    throw new BadInputError([
      pathProblem(
        `${name} has lines of Vowpal Wabbit (a label, then names and values behind bars), which are not read.`,
        "Write a line of names and cells, or LIBSVM's form (1 3:0.5 7:1).",
      ),
    ]);
  }
  const { forms, ...headings } = headingsOf(first, others, decoderOf(isUtf8(sample) ? 'utf-8' : 'windows-1252'));
  const decimalComma = forms.some(({ provesComma }) => provesComma)
    ? true
    : forms.some(({ provesPoint }) => provesPoint)
      ? false
      : undefined;
  return {
    encoding,
    dialect,
    ...headings,
    storage: headings.names.map((_, column) =>
      storageOf(forms[column], decimalComma === true, decimalComma === undefined && dialect.delimiter === SEMICOLON),
    ),
    points: headings.names.map((_, column) => (forms[column]?.provesComma === true ? DECIMAL_COMMA : DECIMAL_POINT)),
    decimalComma,
    expectedRows: Math.ceil((1.02 * bytes * records.length) / Math.max(1, read)),
  };
}

/** A label, maybe an importance and a tag, then a bar, a namespace right behind it, and features, some of them with a value. */
const VOWPAL_WABBIT = /^(?:[-+]?[\d.]+ )*(?:'?\S+ )?\|\S* .*\S:[-+]?[\d.]/;

/** Whether all first lines are such. */
function isVowpalWabbit(sample: Buffer): boolean {
  const lines = sample
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const looked = lines.slice(0, 20);
  return looked.length > 0 && looked.every((line) => VOWPAL_WABBIT.test(line));
}

/** Whole lines of the beginning of a file, decoded, and how many bytes all of it has. */
async function readSample(
  path: string,
  name: string,
  encoding: FileEncoding | undefined,
): Promise<{ readonly sample: Buffer; readonly bytes: number }> {
  let sample = Buffer.alloc(0);
  const bytes = await readPieces(
    path,
    name,
    (piece, last) => {
      const wanted = sampleLength(piece);
      // Lines that are longer than what is here come with the next piece.
      if (wanted === undefined && !last) return 0;
      sample = Buffer.from(wanted === undefined ? piece : wholeLines(piece.subarray(0, wanted)));
      return 0;
    },
    { stop: () => sample.length > 0, encoding: encoding?.encoding },
  );
  return { sample, bytes };
}

/** The cells of the records of a sample, in Latin 1, and how many of its bytes they take. */
function recordsOf(sample: Buffer, dialect: Dialect): { readonly records: readonly string[][]; readonly read: number } {
  const records: string[][] = [];
  let record: string[] = [];
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
  return { read: scanner.scan(sample, true), records };
}

/** Which records at the beginning are no rows, what the columns are called, and how their cells spell numbers. */
function headingsOf(
  first: readonly string[],
  others: readonly (readonly string[])[],
  decode: ReturnType<typeof decoderOf>,
): Pick<OpeningLines, 'headerLines' | 'header' | 'counted' | 'names' | 'unnamed' | 'repeated'> & {
  readonly forms: readonly NumberForm[];
} {
  const spelled = new Map<string, SpelledNumber>();
  const formsOf = (rows: readonly (readonly string[])[]): readonly NumberForm[] =>
    Array.from({ length: Math.max(first.length, others[0]?.length ?? 0) }, (_, column) =>
      numberForm(rows, column, spelled),
    );
  // Qualtrics writes the questions and its own names for them below those of the columns.
  const explained = others.slice(0, 2).findIndex((cells) => cells.every((cell) => IMPORT_NAME.test(cell.trim()))) + 1;
  const below = others.slice(explained);
  const formsBelow = formsOf(below);
  const counted = countsRows(first, others) ? first.join(', ') : undefined;
  const firstLines = linesWith(first, below, formsBelow);
  const isNamed = counted === undefined && (explained > 0 || isHeader(firstLines));
  const second =
    isNamed && explained === 0 ? secondHeader(linesWith(first, others, formsOf(others.slice(1)))) : undefined;
  const header = isNamed
    ? headerNames(second === undefined ? firstLines : { ...firstLines, first: second }, decode)
    : undefined;
  const width = counted === undefined ? first.length : (others[0]?.length ?? first.length);
  const { names, unnamed, repeated } = header ?? {
    names: Array.from({ length: width }, (_, column) => `column ${column + 1}`),
    unnamed: new Set(Array.from({ length: width }).keys()),
    repeated: [],
  };
  const headerLines = second === undefined ? (isNamed || counted !== undefined ? 1 + explained : 0) : 2;
  const forms =
    headerLines === 0
      ? formsOf([first, ...others])
      : headerLines === 1 + explained
        ? formsBelow
        : formsOf(others.slice(1));
  return { headerLines, header: isNamed, counted, names, unnamed, repeated, forms };
}

function linesWith(
  first: readonly string[],
  others: readonly (readonly string[])[],
  below: readonly NumberForm[],
): FirstLines {
  return { first, others, isNumber: (column) => (below[column]?.share ?? 0) >= MOSTLY, spellsNumber };
}

/** How the cells of a column that are not missing spell numbers. */
interface NumberForm {
  /** Share of them that are numbers with a decimal point or comma. */
  readonly share: number;
  readonly allPoint: boolean;
  readonly allComma: boolean;
  /** Whether one of them can only be read with a decimal comma, or point. */
  readonly provesComma: boolean;
  readonly provesPoint: boolean;
  /** Whether points, where there are any, only part thousands. */
  readonly mayHaveThousands: boolean;
  /** Whether whole numbers stand below 1000 without a point, and all others have three digits behind one: 987 and 1.029. */
  readonly seemsThousands: boolean;
}

/** With which decimal marks a cell is a number. */
interface SpelledNumber {
  readonly withPoint: boolean;
  readonly withComma: boolean;
}

/** @param known what was found out of cells with the same text, which is added to */
function numberForm(
  records: readonly (readonly string[])[],
  column: number,
  known: Map<string, SpelledNumber>,
): NumberForm {
  const cells = records.map((record) => record[column] ?? '').filter((cell) => !isMissing(cell));
  const spelled = (cell: string): SpelledNumber => {
    const before = known.get(cell);
    if (before) return before;
    const found = { withPoint: spells(cell, DECIMAL_POINT), withComma: spells(cell, DECIMAL_COMMA) };
    known.set(cell, found);
    return found;
  };
  const withPoint = cells.filter((cell) => spelled(cell).withPoint);
  const withComma = cells.filter((cell) => spelled(cell).withComma);
  const numbers = cells.filter((cell) => spelled(cell).withPoint || spelled(cell).withComma).length;
  const allComma = cells.length > 0 && withComma.length === cells.length;
  return {
    share: cells.length === 0 ? 0 : numbers / cells.length,
    allPoint: cells.length > 0 && withPoint.length === cells.length,
    allComma,
    provesComma: allComma && cells.some((cell) => cell.includes(',') && !THOUSANDS.test(cell.trim())),
    provesPoint: withPoint.some((cell) => cell.includes('.') && !THOUSANDS.test(cell.trim())),
    mayHaveThousands: withPoint.every((cell) => !cell.includes('.') || THOUSANDS.test(cell.trim())),
    seemsThousands:
      withPoint.length === cells.length &&
      withPoint.every((cell) => THOUSANDS.test(cell.trim()) || BELOW_THOUSAND.test(cell.trim())) &&
      withPoint.filter((cell) => cell.includes('.')).length >= LEAST_OF_EITHER &&
      withPoint.filter((cell) => !cell.includes('.')).length >= LEAST_OF_EITHER,
  };
}

/** With either mark, a number whose last three digits may be behind a mark between thousands. */
const THOUSANDS = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;
const BELOW_THOUSAND = /^[+-]?\d{1,3}$/;
/** Cells with and without a point that show what it is for. */
const LEAST_OF_EITHER = 3;

/** @param isOpen whether the file has semicolons, and nothing tells whether it writes 0,5 or 0.5 */
function storageOf(form: NumberForm | undefined, decimalComma: boolean, isOpen: boolean): Storage {
  if (form?.provesComma === true) return 'number';
  if (isOpen && form?.seemsThousands === true) return 'words';
  // 1.234 is one thousand and more in a file that writes 0,5.
  if (decimalComma && form?.mayHaveThousands === true && !form.allComma) return 'words';
  return form?.allPoint === true ? 'number' : 'words';
}

function spells(cell: string, point: number): boolean {
  const bytes = Buffer.from(cell, 'latin1');
  return parseNumber(bytes, 0, bytes.length, point) !== undefined;
}

function spellsNumber(cell: string): boolean {
  return spells(cell, DECIMAL_POINT) || spells(cell, DECIMAL_COMMA);
}
