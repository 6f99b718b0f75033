/** How the numbers of a column are written. */
export interface NumberStyle {
  /** A currency's sign in front. */
  readonly prefix: string;
  /** A unit behind, such as % or kg, or a semicolon that ends lines. */
  readonly suffix: string;
  /** Whether letters behind multiply, as in 19M and 8.7k; then `suffix` is empty. */
  readonly multiplies?: boolean;
  /** Whether 1,5 is one and a half, or 1,500 one thousand and a half. */
  readonly comma: 'decimal' | 'thousands';
}

const NUMBER = String.raw`[+-]?(?:\d[\d.,'’ ]*|[.,]\d+)(?:[eE][+-]?\d+)?`;
const UNIT = String.raw`%|‰|;|\p{Sc}|°?[\p{L}µμΩ°]{1,6}(?:[/^·][A-Za-z0-9²³]{1,6})?[²³]?`;
const CODES =
  'USD|EUR|GBP|CHF|INR|JPY|CNY|RMB|AUD|CAD|NZD|SGD|HKD|BRL|MXN|SEK|NOK|DKK|PLN|CZK|HUF|TRY|ZAR|KRW|IDR|NGN|PKR|Rs\\.?|kr\\.?';
/** $, R$, US$, USD, Rs., kr. */
const CURRENCY = String.raw`(?:[A-Z]{0,3}\p{Sc}|(?:${CODES})(?=[ \d]))`;
const LONGEST = 40;
const WITH_UNIT = new RegExp(`^([+-]?)(${CURRENCY}?)\\s*(${NUMBER})(?:\\s*(${UNIT}))?$`, 'u');
/** 0001.png is a file and no amount. */
const FILE_NAME = /\d\.\p{L}/u;
/** What letters behind a number multiply it by. */
const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  Mio: 1e6,
  B: 1e9,
  bn: 1e9,
  Mrd: 1e9,
};

const TRAILING_MINUS = new RegExp(`^(${CURRENCY}?[\\d.,'’ ]*\\d)-$`, 'u');
const IN_PARENTHESES = new RegExp(`^\\((${CURRENCY}?[\\d.,'’ ]+)\\)$`, 'u');

/** Signs and spaces as they are usually typed: a minus for every dash of that meaning and for an accountant's (1.00) or 1.00-, a space for every kind of it. */
function simplified(cell: string): string {
  return cell
    .trim()
    .replace(/^\u2212/u, '-')
    .replace(/[\u00a0\u2007\u2009\u202f]/gu, ' ')
    .replace(TRAILING_MINUS, '-$1')
    .replace(IN_PARENTHESES, '-$1');
}

/** What a cell has before, in and behind its number; null for any other cell. */
function partsOf(cell: string): RegExpExecArray | null {
  return cell.length > LONGEST || FILE_NAME.test(cell) ? null : WITH_UNIT.exec(simplified(cell));
}

/** What stands around the number of a cell; undefined where the cell is no number with at most a unit. */
export function unitOf(cell: string): Pick<NumberStyle, 'prefix' | 'suffix'> | undefined {
  const parts = partsOf(cell);
  return parts ? { prefix: parts[2] ?? '', suffix: parts[4] ?? '' } : undefined;
}

/** Whether units are letters that multiply, and two of them at least: 19M beside 8.7k. */
export function areFactors(suffixes: readonly string[]): boolean {
  const letters = suffixes.filter((suffix) => suffix !== '');
  return letters.length > 1 && letters.every((suffix) => Object.hasOwn(FACTORS, suffix));
}

const FORMS = {
  decimal: [/^\d*(?:,\d+)?$/, /^\d{1,3}(?:\.\d{3})+(?:,\d+)?$/, /^\d{1,3}(?:[ '’]\d{3})+(?:,\d+)?$/, /^\d+,$/],
  thousands: [
    ...[/^\d*(?:\.\d+)?$/, /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/, /^\d{1,3}(?:[ '’]\d{3})+(?:\.\d+)?$/, /^\d+\.$/],
    // Lakhs and crores: 1,23,456
    /^\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$/,
  ],
} as const;

/** The number of a cell that is written in a style; undefined for any other cell. */
export function readWrittenNumber(
  cell: string,
  { prefix, suffix, comma, multiplies = false }: NumberStyle,
): number | undefined {
  const parts = partsOf(cell);
  if (!parts || (parts[2] ?? '') !== prefix) return undefined;
  const factor = multiplies ? FACTORS[parts[4] ?? ''] : (parts[4] ?? '') === suffix ? 1 : undefined;
  if (factor === undefined) return undefined;
  const [, sign = '', , spelled = ''] = parts;
  const [, inner = '', digits = '', exponent = ''] = /^([+-]?)([^eE]*)((?:[eE].*)?)$/.exec(spelled) ?? [];
  if ((sign !== '' && inner !== '') || !/\d/.test(digits) || !FORMS[comma].some((form) => form.test(digits.trim()))) {
    return undefined;
  }
  const plain = comma === 'decimal' ? digits.replace(/[. '’]/g, '').replace(',', '.') : digits.replace(/[, '’]/g, '');
  // Shifted as text, so that 1.1M is 1,100,000 to the last digit.
  const shift = Number(exponent.slice(1)) + Math.round(Math.log10(factor));
  const value = Number(`${sign}${inner}${plain}${factor === 1 ? exponent : `e${shift}`}`);
  return Number.isFinite(value) ? value : undefined;
}
