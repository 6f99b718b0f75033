/** How the numbers of a column are written. */
export interface NumberStyle {
  /** A currency's sign in front. */
  readonly prefix: string;
  /** A unit behind, such as % or kg. */
  readonly suffix: string;
  /** Whether 1,5 is one and a half, or 1,500 one thousand and a half. */
  readonly comma: 'decimal' | 'thousands';
}

const NUMBER = String.raw`[+-]?(?:\d[\d.,'’ ]*|[.,]\d+)(?:[eE][+-]?\d+)?`;
const UNIT = String.raw`%|‰|\p{Sc}|°?[A-Za-zµμΩ°]{1,6}(?:[/^·][A-Za-z0-9²³]{1,6})?[²³]?`;
const LONGEST = 40;
const WITH_UNIT = new RegExp(`^([+-]?)(\\p{Sc}?)\\s*(${NUMBER})(?:\\s*(${UNIT}))?$`, 'u');

/** Signs and spaces as they are usually typed: a minus for every dash of that meaning and for an accountant's (1.00) or 1.00-, a space for every kind of it. */
function simplified(cell: string): string {
  return cell
    .trim()
    .replace(/^\u2212/u, '-')
    .replace(/^(\p{Sc}?[\d.,'’ ]*\d)-$/u, '-$1')
    .replace(/^\((\p{Sc}?[\d.,'’ ]+)\)$/u, '-$1')
    .replace(/[\u00a0\u2007\u2009\u202f]/gu, ' ');
}

/** What stands around the number of a cell; undefined where the cell is no number with at most a unit. */
export function unitOf(cell: string): Pick<NumberStyle, 'prefix' | 'suffix'> | undefined {
  const parts = cell.length > LONGEST ? undefined : WITH_UNIT.exec(simplified(cell));
  return parts ? { prefix: parts[2] ?? '', suffix: parts[4] ?? '' } : undefined;
}

const FORMS = {
  decimal: [/^\d*(?:,\d+)?$/, /^\d{1,3}(?:\.\d{3})+(?:,\d+)?$/, /^\d{1,3}(?:[ '’]\d{3})+(?:,\d+)?$/, /^\d+,$/],
  thousands: [/^\d*(?:\.\d+)?$/, /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/, /^\d{1,3}(?:[ '’]\d{3})+(?:\.\d+)?$/, /^\d+\.$/],
} as const;

/** The number of a cell that is written in a style; undefined for any other cell. */
export function readWrittenNumber(cell: string, { prefix, suffix, comma }: NumberStyle): number | undefined {
  const parts = cell.length > LONGEST ? undefined : WITH_UNIT.exec(simplified(cell));
  if (!parts || (parts[2] ?? '') !== prefix || (parts[4] ?? '') !== suffix) return undefined;
  const [, sign = '', , spelled = ''] = parts;
  const [, inner = '', digits = '', exponent = ''] = /^([+-]?)([^eE]*)((?:[eE].*)?)$/.exec(spelled) ?? [];
  if ((sign !== '' && inner !== '') || !/\d/.test(digits) || !FORMS[comma].some((form) => form.test(digits.trim()))) {
    return undefined;
  }
  const plain = comma === 'decimal' ? digits.replace(/[. '’]/g, '').replace(',', '.') : digits.replace(/[, '’]/g, '');
  const value = Number(`${sign}${inner}${plain}${exponent}`);
  return Number.isFinite(value) ? value : undefined;
}
