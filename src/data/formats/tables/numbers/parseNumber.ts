const [PLUS, MINUS, POINT, ZERO, NINE, SPACE] = [0x2b, 0x2d, 0x2e, 0x30, 0x39, 0x20];
const [UPPER_D, UPPER_E] = [0x44, 0x45];

/** Powers of ten that a double holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** What a cell that is empty, or says that its value is not known, is read as. */
const MISSING_WORDS: ReadonlySet<string> = new Set([
  ...['', '?', 'na', 'n/a', 'n.a.', 'nan', '-nan', 'nat', '<na>', 'null', '(null)', 'none', '\\n'],
  // What spreadsheets write where a formula has no value.
  ...['#n/a', '#na', '#null!', '#div/0!', '#value!', '#ref!', '#name?', '#num!'],
]);
/** What MySQL keeps where a date is not known. */
const ZERO_DATE = /^0000-00-00(?: 00:00:00)?$/;
const LONGEST_MISSING_WORD = Math.max(...[...MISSING_WORDS].map(({ length }) => length));
export const DECIMAL_POINT = POINT;
export const DECIMAL_COMMA = 0x2c;

/**
 * The number that bytes spell, to the nearest double; NaN when the cell says that there is no value; undefined when it is
 * no number. Spaces around it do not count.
 *
 * @param point the byte between whole and fraction
 */
export function parseNumber(bytes: Buffer, from: number, to: number, point = POINT): number | undefined {
  let start = from;
  let end = to;
  while (start < end && (bytes[start] ?? 0) <= SPACE) start++;
  while (end > start && (bytes[end - 1] ?? 0) <= SPACE) end--;
  let at = start;
  const sign = bytes[at];
  if (sign === MINUS || sign === PLUS) at++;
  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  let afterPoint = false;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= ZERO && byte <= NINE) {
      mantissa = 10 * mantissa + (byte - ZERO);
      digits++;
      if (afterPoint) decimals++;
    } else if (byte === point && !afterPoint) afterPoint = true;
    else break;
  }
  // Up to 15 digits and a power of ten that a double holds exactly give the nearest double.
  if (at === end && digits > 0 && digits <= 15) {
    const value = decimals === 0 ? mantissa : mantissa / (POWERS[decimals] ?? 1);
    return sign === MINUS ? -value : value;
  }
  return parseRare(bytes, start, end, digits, point);
}

/** Long numbers, exponents, and what says that a value is missing. */
function parseRare(bytes: Buffer, start: number, end: number, digits: number, point: number): number | undefined {
  if (end - start <= LONGEST_MISSING_WORD && isMissing(bytes.toString('latin1', start, end))) return NaN;
  if (digits === 0) return undefined;
  let exponents = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    // Fortran writes 1.5D+03.
    const isExponent = (byte & 0xdf) === UPPER_E || (byte & 0xdf) === UPPER_D;
    if (isExponent) exponents++;
    const allowed = (byte >= ZERO && byte <= NINE) || byte === point || byte === MINUS || byte === PLUS || isExponent;
    if (!allowed || exponents > 1) return undefined;
  }
  const text = bytes.toString('latin1', start, end).replace(/d/i, 'e');
  const value = Number(point === POINT ? text : text.replace(String.fromCharCode(point), '.'));
  // What is beyond a double is infinite, and counts as missing where it is told.
  return Number.isNaN(value) ? undefined : value;
}

/** The same for a cell among words, where `None` is one of them: no disorder, no alley. */
export function isMissingWord(cell: string): boolean {
  return isMissing(cell) && !/^\s*none\s*$/i.test(cell);
}

/** True for a cell that says that its value is not known. */
export function isMissing(cell: string): boolean {
  const word = cell.trim();
  return MISSING_WORDS.has(word.toLowerCase()) || ZERO_DATE.test(word);
}
