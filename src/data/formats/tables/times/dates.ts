import { CLOCK, hoursOf, isTimeAlone, withColons } from './clock.ts';

/** What counts on in a date or time. */
export const COUNTED_PARTS = ['year', 'month', 'day', 'weekday', 'hour', 'days'] as const;
/**
 * What comes back: each day of the week by itself, and where on the circle of a year and of a day a moment is. A network of few rows does not learn from a
 * count alone that Saturdays are unlike Fridays and Mondays, or that December is beside January.
 */
const CYCLES = ['yearSine', 'yearCosine', 'daySine', 'dayCosine'] as const;
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** What of a date or time becomes a number of a sample. */
export const DATE_PARTS = [...COUNTED_PARTS, ...WEEKDAYS, ...CYCLES] as const;
/** What of a time of day does. */
export const CLOCK_PARTS = ['hour', 'daySine', 'dayCosine'] as const;
export type DatePart = (typeof DATE_PARTS)[number];

/** What the names of months begin with, without accents, in English, German, French, Spanish, Italian, Portuguese and Dutch. */
const MONTHS = [
  ...[/^(?:jan|ene|gen)/, /^(?:feb|fev)/, /^(?:mar|mrt|maa)/, /^(?:apr|avr|abr)/, /^(?:may|mai|mei|mag)/],
  ...[/^(?:jun|juin|giu)/, /^(?:jul|juil|lug)/, /^(?:aug|aou|ago)/, /^(?:sep|set)/, /^(?:oct|okt|out|ott)/],
  ...[/^nov/, /^(?:dec|dez|dic)/],
];
/** Z, UTC, GMT+1, +05:30, +00 */
const ZONE = String.raw` ?(Z|(?:UTC|GMT)(?:[+-]\d{1,2}(?::\d{2})?)?|[+-]\d{2}(?::?\d{2})?)?`;
/** Year, month, day, maybe a time after it, as ISO 8601 and with slashes or dots: 2024-01-31, 2024. 1. 31. */
const YEAR_FIRST = new RegExp(`^(\\d{4})[-/.] ?(\\d{1,2})[-/.] ?(\\d{1,2})\\.?(?:[T ]+${CLOCK}${ZONE})?$`);
/** 20240131T235900 */
const COMPACT = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z?$/;
/** 20240131, of this century and the last. */
const DIGITS_ALONE = /^((?:19|20)\d{2})(\d{2})(\d{2})$/;
/** Day and month in either order, then the year. */
const YEAR_LAST = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})[-/.](\\d{4}|\\d{2})(?:[T ,]+${CLOCK}${ZONE})?$`);
/** 2024年1月31日, 2024년 1월 31일, 2024年1月 */
const IN_CHARACTERS = new RegExp(`^(\\d{4})[年년] ?(\\d{1,2})[月월](?: ?(\\d{1,2})[日일])?(?: *${CLOCK})?$`, 'u');
/** 31-Jan-2024, 31 January 2024, 31 de enero de 2024, as mails (Wed, 31 Jan 2024 10:00:00 +0000) and servers (31/Jan/2024:10:00:00 +0000) write it. */
const DAY_NAMED = new RegExp(
  `^(?:\\p{L}{2,10}, ?)?(\\d{1,2})[- ./]+(?:de )?(\\p{L}{3,10})[-., /]+(?:de )?(\\d{4}|\\d{2})(?:[T ,:]+${CLOCK}${ZONE})?$`,
  'u',
);
/** Jan 31, 2024; with the day of the week, a time and its zone in between as Twitter writes it. */
const MONTH_NAMED = new RegExp(
  `^(?:\\p{L}{3,9},? )?(\\p{L}{3,10})[ .]+(\\d{1,2}),? (?:${CLOCK} )?(?:(?:[A-Z]{3,4}|[+-]\\d{4}) )?(\\d{4})$`,
  'u',
);
/** Mar-2001 */
const MONTH_ALONE = /^(\p{L}{3,10})\.?[- /](\d{4})$/u;
/** 2001-03, 2001/3 */
const YEAR_AND_MONTH = /^((?:1[5-9]|2[01])\d{2})[-/](\d{1,2})$/;
const DAY = 86_400_000;
/** Fewer numbers may look like dates by chance. */
const LEAST_COMPACT = 6;
/** Years of two digits up to this one are of this century. */
const LATEST_SHORT_YEAR = 68;

/** How the dates of a column are written. */
export interface DateForm {
  /** Whether 1/2/2024 is the first of February. */
  readonly dayFirst: boolean;
  /** Whether there are times of day alone, without a date. */
  readonly isClock: boolean;
}

/** How dates and times are written, where all words are some; `undefined` where one is not. */
export function dateFormOf(words: readonly string[]): DateForm | undefined {
  if (words.length === 0) return undefined;
  const trimmed = words.map((word) => withColons(word.trim()));
  if (trimmed.every(isTimeAlone)) return { dayFirst: false, isClock: true };
  if (trimmed.every(isSeason)) return undefined;
  const form = { dayFirst: isDayFirst(trimmed), isClock: false };
  return trimmed.every((word) => !Number.isNaN(momentOf(word, form))) ? form : undefined;
}

/** Where day and month can be either, dots and hyphens mean that the day comes first and slashes that the month does, unless a number above 12 tells. */
export function isDayFirst(words: readonly string[]): boolean {
  const found = words.map((word) => YEAR_LAST.exec(word.trim())).filter((match) => match !== null);
  if (found.some((match) => Number(match[1]) > 12)) return true;
  if (found.some((match) => Number(match[3]) > 12)) return false;
  return found[0]?.[2] !== '/';
}

/** 2010-11: a year and the next one, and no month. */
function isSeason(word: string): boolean {
  const [, year = '', next = ''] = YEAR_AND_MONTH.exec(word) ?? [];
  return year !== '' && next.length === 2 && Number(next) === (Number(year) + 1) % 100;
}

/** Whether numbers are all dates of eight digits, as 20240131. */
export function areCompactDates(values: ArrayLike<number>, count: number): boolean {
  const seen = new Set<number>();
  for (let row = 0; row < count; row++) {
    const value = values[row] ?? NaN;
    if (Number.isNaN(value) || seen.has(value)) continue;
    if (Number.isNaN(momentOf(String(value), { dayFirst: false, isClock: false }))) return false;
    seen.add(value);
  }
  return seen.size >= LEAST_COMPACT;
}

/** Milliseconds since 1970, of a time alone since midnight; NaN where a word is neither date nor time. */
export function momentOf(word: string, { dayFirst, isClock }: DateForm): number {
  const text = withColons(word.trim());
  if (isClock) return isTimeAlone(text) ? hoursOf(text) * 3_600_000 : NaN;
  const first = YEAR_FIRST.exec(text);
  if (first) return utc(first[1], Number(first[2]), first[3], first[4]) - zoneOf(first[5]);
  const last = YEAR_LAST.exec(text);
  if (last) {
    const [day, month] = dayFirst ? [last[1], last[3]] : [last[3], last[1]];
    return utc(last[4], Number(month), day, last[5]) - zoneOf(last[6]);
  }
  const compact = COMPACT.exec(text);
  if (compact)
    return utc(
      compact[1],
      Number(compact[2]),
      compact[3],
      `${compact[4] ?? ''}:${compact[5] ?? ''}:${compact[6] ?? ''}`,
    );
  const digits = DIGITS_ALONE.exec(text);
  if (digits) return utc(digits[1], Number(digits[2]), digits[3], undefined);
  const named = DAY_NAMED.exec(text);
  if (named) return utc(named[3], monthOf(named[2]), named[1], named[4]) - zoneOf(named[5]);
  const inCharacters = IN_CHARACTERS.exec(text) ?? YEAR_AND_MONTH.exec(text);
  if (inCharacters) return utc(inCharacters[1], Number(inCharacters[2]), inCharacters[3] ?? '1', inCharacters[4]);
  const month = MONTH_NAMED.exec(text);
  if (month) return utc(month[4], monthOf(month[1]), month[2], month[3]);
  const alone = MONTH_ALONE.exec(text);
  return alone ? utc(alone[2], monthOf(alone[1]), '1', undefined) : NaN;
}

/**
 * A part of a moment as a number: the weekday from Monday (0), the hour with its fraction, `days` since 1970 with their fraction, 1 on the day of the week
 * that is named and else 0, sine and cosine of the share of the year or day that is over.
 */
export function partOf(moment: number, part: DatePart): number {
  const date = new Date(moment);
  switch (part) {
    case 'year':
      return date.getUTCFullYear();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'day':
      return date.getUTCDate();
    case 'weekday':
      return (date.getUTCDay() + 6) % 7;
    case 'hour':
      return (moment - Math.floor(moment / DAY) * DAY) / 3_600_000;
    case 'days':
      return moment / DAY;
    case 'monday':
    case 'tuesday':
    case 'wednesday':
    case 'thursday':
    case 'friday':
    case 'saturday':
    case 'sunday':
      return Number.isNaN(moment) ? NaN : Number(WEEKDAYS[partOf(moment, 'weekday')] === part);
    case 'yearSine':
      return Math.sin(yearAngle(moment));
    case 'yearCosine':
      return Math.cos(yearAngle(moment));
    case 'daySine':
      return Math.sin((2 * Math.PI * partOf(moment, 'hour')) / 24);
    case 'dayCosine':
      return Math.cos((2 * Math.PI * partOf(moment, 'hour')) / 24);
  }
}

/** The share of its year that is over at a moment, of a whole turn. */
function yearAngle(moment: number): number {
  const year = new Date(moment).getUTCFullYear();
  const [begin, end] = [Date.UTC(year, 0), Date.UTC(year + 1, 0)];
  return (2 * Math.PI * (moment - begin)) / (end - begin);
}

function monthOf(name = ''): number {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return MONTHS.findIndex((beginning) => beginning.test(plain)) + 1;
}

/** NaN for a day that there is not. */
function utc(year = '', month: number, day = '', clock: string | undefined): number {
  const short = Number(year);
  const whole = year.length > 2 ? short : short <= LATEST_SHORT_YEAR ? 2000 + short : 1900 + short;
  const moment = Date.UTC(whole, month - 1, Number(day));
  const date = new Date(moment);
  const isThere = month > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === Number(day);
  return isThere ? moment + (clock === undefined ? 0 : hoursOf(clock) * 3_600_000) : NaN;
}

/** Milliseconds that a zone is ahead. */
function zoneOf(zone = 'Z'): number {
  const match = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  return match ? (match[1] === '-' ? -1 : 1) * (60 * Number(match[2]) + Number(match[3] ?? 0)) * 60_000 : 0;
}
