/** How the cells of a text file are told apart. */
export interface Dialect {
  /** Byte between two cells. */
  readonly delimiter: number;
  /** Whether cells may stand in double quotes, which then are doubled inside (RFC 4180). */
  readonly quotes: boolean;
}

export const QUOTE = 0x22;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
const TAB = 0x09;

/** Most usual first: it wins where two delimiters would do. */
const DELIMITERS = [0x2c, 0x3b, TAB, 0x7c];

/**
 * Finds out the dialect from the beginning of a file: the delimiter is the one that gives the most cells, the same
 * number in every line; tabs where the name says so.
 *
 * @param sample whole lines
 */
export function detectDialect(sample: Uint8Array, name: string): Dialect {
  if (/\.(?:tsv|tab|txt)$/i.test(name)) return { delimiter: TAB, quotes: quotesClose(sample, TAB) };
  let best = { delimiter: DELIMITERS[0] ?? TAB, cells: 0 };
  for (const delimiter of DELIMITERS) {
    const cells = cellsPerLine(sample, delimiter);
    if (cells > best.cells) best = { delimiter, cells };
  }
  return { delimiter: best.delimiter, quotes: true };
}

/** Cells of a line, when most lines have as many as the first; otherwise 0. Delimiters in quotes do not count. */
function cellsPerLine(sample: Uint8Array, delimiter: number): number {
  const counts: number[] = [];
  let cells = 1;
  let quoted = false;
  let empty = true;
  for (const byte of sample) {
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === delimiter && !quoted) cells++;
    if (byte !== LINE_FEED || quoted) {
      empty &&= byte === CARRIAGE_RETURN;
      continue;
    }
    if (!empty) counts.push(cells);
    cells = 1;
    empty = true;
  }
  if (!empty) counts.push(cells);
  const first = counts[0] ?? 0;
  const alike = counts.filter((count) => count === first).length;
  return first > 1 && alike >= 0.9 * counts.length ? first : 0;
}

/** Texts in tab-separated files often begin with a quotation mark that is part of the text. */
function quotesClose(sample: Uint8Array, delimiter: number): boolean {
  let found = false;
  for (let at = 0; at < sample.length; at++) {
    const before = sample[at - 1] ?? LINE_FEED;
    if (sample[at] !== QUOTE || (before !== delimiter && before !== LINE_FEED)) continue;
    found = true;
    at++;
    while (at < sample.length && (sample[at] !== QUOTE || sample[at + 1] === QUOTE)) at += sample[at] === QUOTE ? 2 : 1;
    const after = sample[at + 1];
    if (after !== undefined && after !== delimiter && after !== LINE_FEED && after !== CARRIAGE_RETURN) return false;
  }
  return found;
}
