/** How the cells of a text file are told apart. */
export interface Dialect {
  /** Byte between two cells. */
  readonly delimiter: number;
  /** Whether any number of blanks and tabs is one delimiter, and none at the ends of a line. */
  readonly blanks?: boolean | undefined;
  /** Whether cells may stand in quotes, which then are doubled inside (RFC 4180). */
  readonly quotes: boolean;
  /** The byte that quotes, where it is not a double quote. */
  readonly quote?: number | undefined;
  /** Whether quotes inside of quoted cells have a backslash before them, as MySQL and Spark write them, and are not doubled. */
  readonly escapes?: boolean | undefined;
  /** Whether lines that begin with `#` are comments. */
  readonly comments?: boolean | undefined;
  /** Lines at the beginning, empty ones not counted, that are no part of the table, such as a title or `sep=;`. */
  readonly preamble?: number | undefined;
}

export const QUOTE = 0x22;
export const SINGLE_QUOTE = 0x27;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const COMMENT = 0x23;
export const TAB = 0x09;
export const BACKSLASH = 0x5c;
const BLANK = 0x20;
const [COMMA, SEMICOLON, BAR, COLON] = [0x2c, 0x3b, 0x7c, 0x3a];
const [ZERO, NINE] = [0x30, 0x39];

/** Most usual first: it wins where two delimiters would do. */
const DELIMITERS = [COMMA, SEMICOLON, TAB, BAR];
/** A title and the like takes no more lines. */
const LONGEST_PREAMBLE = 10;
/** Cells in single quotes that are no accident. */
const LEAST_QUOTED = 3;
/** Bytes that tell whether cells are numbers, and the share of those that have to be. */
const NUMBERS_SAMPLE = 4096;
const MANY_NUMBERS = 0.3;
/** Share of the lines that must have the same number of cells. */
const ALIKE = 0.9;

/** A line of the beginning of a file: its cells, how many of them are not empty, and its first byte. */
interface Line {
  readonly cells: number;
  readonly filled: number;
  readonly first: number;
}

/**
 * Finds out the dialect from the beginning of a file: the delimiter is the one that gives the most cells, the same
 * number in every line; tabs where the name says so. A comma that only ever stands between digits is a decimal comma where another
 * delimiter would do.
 *
 * @param sample whole lines
 */
export function detectDialect(sample: Uint8Array, name: string): Dialect {
  if (hasEscapedQuotes(sample)) {
    const escaped = detectDialect(withoutEscapes(sample), name);
    if (escaped.quotes) return { ...escaped, escapes: true };
  }
  if (hasSingleQuotes(sample)) {
    // Commas and line ends in them count as those in double quotes do.
    const doubled = detectDialect(
      sample.map((byte) => (byte === SINGLE_QUOTE ? QUOTE : byte)),
      name,
    );
    if (doubled.quotes) return { ...doubled, quote: SINGLE_QUOTE };
  }
  const tabs = linesOf(sample, TAB);
  const blank = blankLines(sample);
  const isNamedSo = /\.(?:tsv|tab|txt)$/i.test(name);
  if (isNamedSo && tabs.some(({ cells }) => cells > 1) && !isEvener(blank, tabs, name, sample)) {
    return { delimiter: TAB, quotes: quotesClose(sample, TAB), ...besideTable(tabs) };
  }
  const named = /^sep=(.)\r?\n/i.exec(Buffer.from(sample.subarray(0, 16)).toString('latin1'));
  if (named) return { delimiter: named[1]?.charCodeAt(0) ?? COMMA, quotes: true, preamble: 1 };
  const candidates = DELIMITERS.map((delimiter) => {
    const lines = linesOf(sample, delimiter);
    return { delimiter, lines, cells: usualCells(lines) };
  });
  const others = candidates.filter(({ delimiter, cells }) => delimiter !== COMMA && cells > 1);
  const possible = others.length > 0 && commasAreDecimal(sample) ? others : candidates;
  // Tabs hardly occur in texts, which the other delimiters do.
  const isBetter = (one: (typeof possible)[number], other: (typeof possible)[number]): boolean =>
    other.cells > one.cells || (other.delimiter === TAB && other.cells > 1 && other.cells === one.cells);
  const best = possible.reduce((one, other) => (isBetter(one, other) ? other : one));
  // A .csv is not divided by blanks, which stand in its texts.
  const isByBlanks =
    !/\.csv$/i.test(name) &&
    (best.cells < 2 ? usualCells(blank) > 1 : best.delimiter === TAB && isEvener(blank, best.lines, name, sample));
  if (isByBlanks) return { delimiter: BLANK, blanks: true, quotes: quotesClose(sample, BLANK), ...besideTable(blank) };
  if (best.cells < 2 && hasDoubleColons(sample)) return { delimiter: COLON, blanks: true, quotes: false };
  const quotes = best.delimiter !== TAB || quotesClose(sample, TAB);
  return { delimiter: best.delimiter, quotes, ...besideTable(best.lines) };
}

/** Whether backslashes stand before quotes with text behind them, and no quotes are doubled, as those of JSON in a cell are. */
function hasEscapedQuotes(sample: Uint8Array): boolean {
  if (!sample.includes(BACKSLASH) || !sample.includes(QUOTE)) return false;
  const text = Buffer.from(sample.buffer, sample.byteOffset, sample.length).toString('latin1');
  if (!/\\"(?![",;\t|\r\n]|$)/.test(text)) return false;
  return !/[^,;\t|\r\n]""/.test(text.replace(ESCAPED, ''));
}

/** A backslash and what stands behind it. */
const ESCAPED = /\\[^\r\n]/g;

/** As long a text without any backslash that hides a quote. */
function withoutEscapes(sample: Uint8Array): Uint8Array {
  const text = Buffer.from(sample.buffer, sample.byteOffset, sample.length).toString('latin1');
  return Buffer.from(text.replace(ESCAPED, 'xx'), 'latin1');
}

/** Whether single quotes, and no double ones, stand around cells: as many behind a delimiter as before one, in most lines. */
function hasSingleQuotes(sample: Uint8Array): boolean {
  if (!sample.includes(SINGLE_QUOTE) || sample.includes(QUOTE)) return false;
  const text = Buffer.from(sample.buffer, sample.byteOffset, sample.length).toString('latin1');
  const opening = text.match(/(?<=^|[,;\t|\n])'/g)?.length ?? 0;
  const closing = text.match(/'(?=[,;\t|\r\n]|$)/g)?.length ?? 0;
  const lines = text.match(/\n/g)?.length ?? 0;
  return opening >= LEAST_QUOTED && opening === closing && opening >= lines / 2;
}

/** Whether two colons stand between the cells of every line, as in tables of MovieLens. */
function hasDoubleColons(sample: Uint8Array): boolean {
  const lines = Buffer.from(sample.buffer, sample.byteOffset, sample.length)
    .toString('latin1')
    .trimEnd()
    .split(/\r?\n/);
  const cells = lines[0]?.split('::').length ?? 0;
  return cells > 1 && lines.every((line) => /^[^:]+(?:::[^:]+)+$/.test(line) && line.split('::').length === cells);
}

/** Cells of most lines of a text; 0 where it is no table, as too few lines are alike. */
export function tableWidth(given: Uint8Array, name: string): number {
  const dialect = detectDialect(given, name);
  const sample = dialect.escapes === true ? withoutEscapes(given) : given;
  if (dialect.delimiter === COLON) return 2;
  const lines = dialect.blanks === true ? blankLines(sample) : linesOf(sample, dialect.delimiter);
  return usualCells(lines);
}

/**
 * Whether blanks and tabs alike divide every line into the same number of cells, and tabs alone into fewer, as where only the last column has a tab before
 * it, or into different numbers, as where several stand side by side. Sentences of as many words are not cells of numbers.
 */
function isEvener(blank: readonly Line[], tabs: readonly Line[], name: string, sample: Uint8Array): boolean {
  const [first] = blank;
  const cells = usualCells(tabs);
  return (
    !/\.(?:tsv|tab)$/i.test(name) &&
    first !== undefined &&
    (first.cells > cells || (first.cells === cells && tabs.some((line) => line.cells !== cells))) &&
    blank.every((line) => line.cells === first.cells) &&
    holdsNumbers(sample)
  );
}

/** Whether many of what stands between blanks are numbers. */
function holdsNumbers(sample: Uint8Array): boolean {
  const words = Buffer.from(sample.buffer, sample.byteOffset, Math.min(sample.length, NUMBERS_SAMPLE))
    .toString('latin1')
    .trim()
    .split(/\s+/);
  return words.filter((word) => /^[-+]?[\d.,]+(?:e[-+]?\d+)?$/i.test(word)).length >= MANY_NUMBERS * words.length;
}

/** Lines whose cells have any number of blanks and tabs between them, which do not count in quotes. */
function blankLines(sample: Uint8Array): readonly Line[] {
  const text = Buffer.from(sample.buffer, sample.byteOffset, sample.length).toString('latin1');
  return text.split(/\r\n|\n|\r/).flatMap((line): readonly Line[] => {
    const cells = line.match(/"[^"]*"|[^\s"]\S*|"/g)?.length ?? 0;
    return cells === 0 ? [] : [{ cells, filled: cells, first: line.trimStart().charCodeAt(0) }];
  });
}

/** Lines that are not empty. Delimiters and line ends in quotes do not count. */
function linesOf(sample: Uint8Array, delimiter: number): readonly Line[] {
  const lines: Line[] = [];
  let cells = 1;
  let filled = 0;
  let quoted = false;
  let isEmpty = true;
  let first: number | undefined;
  const endLine = (): void => {
    if (first !== undefined) lines.push({ cells, filled: filled + (isEmpty ? 0 : 1), first });
    cells = 1;
    filled = 0;
    isEmpty = true;
    first = undefined;
  };
  for (const byte of sample) {
    if (byte === QUOTE) quoted = !quoted;
    if (!quoted && (byte === LINE_FEED || byte === CARRIAGE_RETURN)) {
      endLine();
      continue;
    }
    first ??= byte;
    if (byte === delimiter && !quoted) {
      cells++;
      if (!isEmpty) filled++;
      isEmpty = true;
    } else isEmpty = false;
  }
  endLine();
  return lines;
}

/** Cells of most lines; 0 where too few lines are alike, or there is no delimiter in them. */
function usualCells(lines: readonly Line[]): number {
  const { comments, preamble = 0 } = besideTable(lines);
  const counted = lines.slice(preamble).filter(({ first }) => comments !== true || first !== COMMENT);
  const cells = mostFrequent(counted);
  // A header may lack the name of the row numbers, or the delimiter that ends every other line.
  const alike = counted.filter((line, index) => line.cells === cells || index === 0).length;
  return cells > 1 && alike >= ALIKE * counted.length ? cells : 0;
}

/** What surrounds the table, judged by how many cells lines have: comments and a title have other numbers of them. */
function besideTable(lines: readonly Line[]): Pick<Dialect, 'comments' | 'preamble'> {
  const cells = mostFrequent(lines);
  if (cells < 2) return {};
  const comments = lines.some(({ first }) => first === COMMENT) && commentsDiffer(lines, cells);
  let preamble = 0;
  while (preamble < lines.length && isTitleLike(lines[preamble], cells) && cells > 2) {
    if (comments && lines[preamble]?.first === COMMENT) break;
    preamble++;
  }
  const isTitle = preamble > 0 && preamble <= LONGEST_PREAMBLE && preamble < lines.length / 2;
  return { ...(comments && { comments }), ...(isTitle && { preamble }) };
}

/** A title has a cell to itself, though a spreadsheet may write empty ones behind it; above a wide table it may be a name and what it is. */
function isTitleLike(line: Line | undefined, cells: number): boolean {
  if (line === undefined) return false;
  return line.cells === 1 || line.filled <= 1 || (line.filled === 2 && 2 * line.cells <= cells);
}

function commentsDiffer(lines: readonly Line[], cells: number): boolean {
  return lines.every((line) => line.first !== COMMENT || line.cells !== cells);
}

function mostFrequent(lines: readonly Line[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of lines) counts.set(cells, (counts.get(cells) ?? 0) + 1);
  let best: readonly [cells: number, count: number] = [0, 0];
  for (const [cells, count] of counts) if (count > best[1]) best = [cells, count];
  return best[0];
}

/** True where there are commas, each with a digit behind it and none with a letter or quotation mark beside it. */
function commasAreDecimal(sample: Uint8Array): boolean {
  const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE;
  let found = false;
  for (let at = sample.indexOf(COMMA); at >= 0; at = sample.indexOf(COMMA, at + 1)) {
    if (!isDigit(sample[at + 1]) || !isDigit(sample[at - 1])) return false;
    found = true;
  }
  return found;
}

/** Texts in tab-separated files often begin with a quotation mark that is part of the text. */
function quotesClose(sample: Uint8Array, delimiter: number): boolean {
  let found = false;
  for (let at = 0; at < sample.length; at++) {
    const before = sample[at - 1] ?? LINE_FEED;
    const isOpening = before === delimiter || before === LINE_FEED || (delimiter === BLANK && before === TAB);
    if (sample[at] !== QUOTE || !isOpening) continue;
    found = true;
    at++;
    while (at < sample.length && (sample[at] !== QUOTE || sample[at + 1] === QUOTE)) at += sample[at] === QUOTE ? 2 : 1;
    const after = sample[at + 1];
    if (after !== undefined && after !== delimiter && after !== LINE_FEED && after !== CARRIAGE_RETURN && after !== TAB)
      return false;
  }
  return found;
}
