import { type Dialect, BACKSLASH, CARRIAGE_RETURN, COMMENT, LINE_FEED, QUOTE, TAB } from './dialect.ts';

/** Is told what a scanner finds. A record that lies across two pieces is told again from its first cell. */
export interface RecordSink {
  /** The cell lies in `bytes` from `start` to `end`, without its quotes; the bytes are only lent. */
  cell(column: number, bytes: Buffer, start: number, end: number): void;
  /** @param line on which the record begins, from 1 */
  record(cells: number, line: number): void;
  /** A record that cannot be read; the scan goes on behind it where it can. */
  damage(line: number, message: string): void;
}

/**
 * Reads records of cells from the bytes of a file, piece by piece. Lines end with LF, CR LF or CR; empty ones do not count.
 */
export class DelimitedScanner {
  readonly #delimiter: number;
  /** Divides cells as well. */
  readonly #other: number;
  readonly #blanks: boolean;
  readonly #quotes: boolean;
  readonly #quote: number;
  readonly #escapes: boolean;
  readonly #comments: boolean;
  /** Lines that are still to be passed over. */
  #preamble: number;
  readonly #sink: RecordSink;
  #line = 1;

  constructor(
    { delimiter, blanks = false, quotes, quote = QUOTE, escapes = false, comments = false, preamble = 0 }: Dialect,
    sink: RecordSink,
  ) {
    this.#delimiter = delimiter;
    this.#other = blanks ? TAB : delimiter;
    this.#blanks = blanks;
    this.#quotes = quotes;
    this.#quote = quote;
    this.#escapes = escapes;
    this.#comments = comments;
    this.#preamble = preamble;
    this.#sink = sink;
  }

  /** The line that comes next. */
  get line(): number {
    return this.#line;
  }

  /**
   * Reads the records of a piece.
   *
   * @param last true when nothing follows: the last record may then end without a line end
   * @returns bytes that were read: all up to the end of the last whole record
   */
  scan(bytes: Buffer, last: boolean): number {
    const length = bytes.length;
    const delimiter = this.#delimiter;
    const other = this.#other;
    let position = 0;
    while (position < length) {
      const start = position;
      if (this.#blanks) {
        position = this.#passBlanks(bytes, position);
        if (position === length) return last ? length : start;
      }
      const first = bytes[position];
      if (first === LINE_FEED || first === CARRIAGE_RETURN) {
        const behind = this.#lineEnd(bytes, position, last);
        if (behind < 0) return start;
        position = behind;
        this.#line++;
        continue;
      }
      if (this.#preamble > 0 || (this.#comments && first === COMMENT)) {
        const behind = this.#passLine(bytes, position, last);
        if (behind < 0) return start;
        position = behind;
        continue;
      }
      let column = 0;
      let lines = 1;
      for (;;) {
        let end: number;
        if (this.#quotes && bytes[position] === this.#quote) {
          const close = closingQuote(bytes, position + 1, this.#quote, this.#escapes);
          // The quote behind the piece's last byte may be the other half of a doubled one.
          if (!last && (close < 0 || close + 1 === length)) return start;
          if (close < 0) {
            this.#sink.damage(this.#line, 'has a quotation mark that is never closed');
            return length;
          }
          end = close + 1;
          this.#quotedCell(column, bytes, position + 1, close);
          lines += linesWithin(bytes, position, close);
          if (end < length && !this.#endsCell(bytes[end])) {
            this.#sink.damage(this.#line, 'has text behind a closing quotation mark');
            while (end < length && !this.#endsCell(bytes[end])) end++;
          }
        } else {
          end = position;
          for (; end < length; end++) {
            const byte = bytes[end];
            if (byte === delimiter || byte === other || byte === LINE_FEED || byte === CARRIAGE_RETURN) break;
          }
          if (end === length && !last) return start;
          this.#sink.cell(column, bytes, position, end);
        }
        column++;
        const isDivided = this.#blanks && bytes[end] !== LINE_FEED && bytes[end] !== CARRIAGE_RETURN;
        if (isDivided) end = this.#passBlanks(bytes, end);
        if (end === length) {
          if (!last) return start;
          position = end;
          break;
        }
        if (isDivided && !this.#endsCell(bytes[end])) {
          position = end;
          continue;
        }
        if (bytes[end] === delimiter) {
          position = end + 1;
          continue;
        }
        const behind = this.#lineEnd(bytes, end, last);
        if (behind < 0) return start;
        position = behind;
        break;
      }
      this.#sink.record(column, this.#line);
      this.#line += lines;
    }
    return position;
  }

  /** Position behind a line that is no record; −1 when it may go on in the next piece. */
  #passLine(bytes: Buffer, position: number, last: boolean): number {
    let end = position;
    while (end < bytes.length && bytes[end] !== LINE_FEED && bytes[end] !== CARRIAGE_RETURN) end++;
    if (end === bytes.length && !last) return -1;
    const behind = end === bytes.length ? end : this.#lineEnd(bytes, end, last);
    if (behind < 0) return -1;
    this.#preamble = Math.max(0, this.#preamble - 1);
    this.#line++;
    return behind;
  }

  #passBlanks(bytes: Buffer, position: number): number {
    let at = position;
    while (bytes[at] === this.#delimiter || bytes[at] === this.#other) at++;
    return at;
  }

  #endsCell(byte: number | undefined): boolean {
    return byte === this.#delimiter || byte === this.#other || byte === LINE_FEED || byte === CARRIAGE_RETURN;
  }

  /** Position behind the line end at `position`; −1 when it may go on in the next piece. */
  #lineEnd(bytes: Buffer, position: number, last: boolean): number {
    if (bytes[position] !== CARRIAGE_RETURN) return position + 1;
    if (position + 1 === bytes.length) return last ? position + 1 : -1;
    return bytes[position + 1] === LINE_FEED ? position + 2 : position + 1;
  }

  #quotedCell(column: number, bytes: Buffer, start: number, end: number): void {
    const hidden = bytes.indexOf(this.#escapes ? BACKSLASH : this.#quote, start);
    if (hidden < 0 || hidden >= end) {
      this.#sink.cell(column, bytes, start, end);
      return;
    }
    const quote = String.fromCharCode(this.#quote);
    const written = bytes.toString('latin1', start, end);
    const plain = this.#escapes
      ? written.replace(/\\(["'\\])/g, (_, hidden: string) => hidden)
      : written.replaceAll(quote + quote, quote);
    const content = Buffer.from(plain, 'latin1');
    this.#sink.cell(column, content, 0, content.length);
  }
}

/** Position of the quote that closes a cell whose content begins at `start`; −1 when there is none. */
function closingQuote(bytes: Buffer, start: number, quote: number, escapes: boolean): number {
  let at = bytes.indexOf(quote, start);
  if (escapes) {
    while (at >= 0 && isEscaped(bytes, start, at)) at = bytes.indexOf(quote, at + 1);
    return at;
  }
  while (at >= 0 && bytes[at + 1] === quote) at = bytes.indexOf(quote, at + 2);
  return at;
}

/** Whether an odd number of backslashes stands before a byte. */
function isEscaped(bytes: Buffer, start: number, at: number): boolean {
  let before = at;
  while (before > start && bytes[before - 1] === BACKSLASH) before--;
  return (at - before) % 2 === 1;
}

function linesWithin(bytes: Buffer, start: number, end: number): number {
  let lines = 0;
  for (let at = start; at < end; at++) {
    if (bytes[at] === LINE_FEED || (bytes[at] === CARRIAGE_RETURN && bytes[at + 1] !== LINE_FEED)) lines++;
  }
  return lines;
}
