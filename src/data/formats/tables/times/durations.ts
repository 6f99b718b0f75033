import { isMissing } from '../numbers/parseNumber.ts';
import { isTimeAlone } from './clock.ts';

const [MINUTE, HOUR, DAY, WEEK] = [60, 3600, 86_400, 604_800];
/** On average, as the calendar has them. */
const [MONTH, YEAR] = [(365.25 / 12) * DAY, 365.25 * DAY];

/** 02:03:04, 210:33:11.5, 72:15; 1:23.456 */
const COLONS = String.raw`(\d+):(\d{2})(?::(\d{2}))?(?:[.,](\d+))?`;
const IN_COLONS = new RegExp(`^([+-]?)${COLONS}$`);
/** 1 days 02:03:04 of pandas, 1 day, 2:03:04 and -1 day, 23:59:59 of Python, 1.02:03:04 of .NET */
const DAYS_AND_COLONS = new RegExp(`^([+-]?\\d+)(?: ?days?,? ?|\\.(?=\\d{2}:\\d{2}:))([+-]?)${COLONS}$`);
/** PT1H2M3.5S, P3D, P1Y2M */
const ISO =
  /^([+-]?)P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;
/** 2h 50m, 19h, 1 hour and 5 minutes, 2 weeks */
const NAMED_PART = String.raw`(\d+(?:\.\d+)?)\s*(\p{L}+)\.?`;
const NAMED = new RegExp(`^([+-]?)${NAMED_PART}(?:(?:\\s*,\\s*|\\s+and\\s+|\\s*)${NAMED_PART})*$`, 'u');
const EACH_NAMED = new RegExp(NAMED_PART, 'gu');

const UNITS: readonly (readonly [names: RegExp, seconds: number])[] = [
  [/^(?:s|secs?|seconds?)$/i, 1],
  [/^(?:m|mins?|minutes?)$/i, MINUTE],
  [/^(?:h|hrs?|hours?)$/i, HOUR],
  [/^(?:d|days?)$/i, DAY],
  [/^(?:w|wks?|weeks?)$/i, WEEK],
  [/^(?:mo|mos|mths?|months?)$/i, MONTH],
  [/^(?:y|yrs?|years?)$/i, YEAR],
];
/** So few different durations are categories. */
const FEW = 5;
/** Names of columns whose times are durations, also where each could be a time of day. */
const DURATION_NAME =
  /duration|elapsed|length|runtime|lap|pace|finish|interval|timedelta|delta|wait|time.?(?:taken|spent|needed)|(?:race|chip|gun|net|total|split|swim|bike|run|travel|trip|response|processing)[ _-]?times?$/i;

/** How the durations of a column are read. */
export interface DurationStyle {
  /** Whether 4:33 is minutes and seconds, as where 1:02:03 stands beside it. */
  readonly minutesFirst: boolean;
  /** Whether 6m is months, as where 2y stands beside it. */
  readonly monthsLong: boolean;
}

/**
 * How the durations are written that all words are; undefined where one is none, where all could be times of day, or there are so few that they are categories.
 *
 * @param name of the column, which tells where words could be times of day as well
 * @param words those that are not missing, each once
 */
export function durationStyleOf(name: string, words: readonly string[]): DurationStyle | undefined {
  if (words.length <= FEW) return undefined;
  const trimmed = words.map((word) => word.trim());
  const units = new Set(trimmed.flatMap(unitsOf));
  const style = {
    minutesFirst: trimmed.some((word) => (IN_COLONS.exec(word)?.[4] ?? '') !== ''),
    monthsLong: ['w', 'y'].some((unit) => units.has(unit)) && !['h', 's'].some((unit) => units.has(unit)),
  };
  if (!trimmed.every((word) => secondsOf(word, style) !== undefined)) return undefined;
  // One unit alone is that of amounts: 90 min.
  if (units.size === 1 && trimmed.every((word) => unitsOf(word).length === 1)) return undefined;
  const isSure = DURATION_NAME.test(name) || !trimmed.every(isTimeAlone) || isMixed(trimmed);
  return isSure ? style : undefined;
}

/** Seconds that a word says; NaN where it is missing, undefined for what is no duration. */
export function secondsOf(word: string, { minutesFirst, monthsLong }: DurationStyle): number | undefined {
  const text = word.trim();
  if (isMissing(text)) return NaN;
  const withDays = DAYS_AND_COLONS.exec(text);
  if (withDays) {
    const clock = colonSeconds(withDays.slice(3), false);
    // Of -1 days +23:59:59 the time is added, and so it is of -1 day, 23:59:59.
    return clock === undefined ? undefined : Number(withDays[1]) * DAY + (withDays[2] === '-' ? -clock : clock);
  }
  const colons = IN_COLONS.exec(text);
  if (colons) {
    const seconds = colonSeconds(colons.slice(2), minutesFirst);
    return seconds === undefined ? undefined : signed(colons[1], seconds);
  }
  const iso = ISO.exec(text);
  if (iso) {
    const sizes = [YEAR, MONTH, WEEK, DAY, HOUR, MINUTE, 1];
    const parts = sizes.map((size, at) => size * Number((iso[at + 2] ?? '0').replace(',', '.')));
    return signed(
      iso[1],
      parts.reduce((sum, part) => sum + part, 0),
    );
  }
  const named = NAMED.exec(text);
  // 19M are millions.
  if (!named || /^[+-]?[\d.]+ ?[A-Z]$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit = ''] of text.matchAll(EACH_NAMED)) {
    const size = monthsLong && unit === 'm' ? MONTH : UNITS.find(([names]) => names.test(unit))?.[1];
    if (size === undefined) return undefined;
    seconds += Number(amount) * size;
  }
  return signed(named[1], seconds);
}

/** Of hours (or minutes), minutes (or seconds), seconds and their decimals; undefined for 1:75. */
function colonSeconds(parts: readonly (string | undefined)[], minutesFirst: boolean): number | undefined {
  const [first, second, third, decimals] = parts;
  if (Number(second) > 59 || Number(third ?? 0) > 59) return undefined;
  const fraction = decimals === undefined ? 0 : Number(`0.${decimals}`);
  const leading = Number(first) * 60 + Number(second);
  if (third !== undefined) return leading * 60 + Number(third) + fraction;
  // 1:23.456 has decimals of seconds.
  return minutesFirst || decimals !== undefined ? leading + fraction : leading * 60;
}

/** Whether 1:02:03 stands beside 4:33, which times of day that are written alike do not. */
function isMixed(words: readonly string[]): boolean {
  const long = words.filter((word) => (IN_COLONS.exec(word)?.[4] ?? '') !== '').length;
  return long > 0 && long < words.length && !words.some((word) => /^0\d:\d{2}$/.test(word));
}

/** The first letters of the units that a word names; of months both. */
function unitsOf(word: string): readonly string[] {
  if (!NAMED.test(word)) return [];
  return [...word.matchAll(EACH_NAMED)].map(([, , unit = '']) => {
    const lower = unit.toLowerCase();
    return lower.startsWith('mo') || lower.startsWith('mth') ? 'mo' : lower.slice(0, 1);
  });
}

function signed(sign: string | undefined, seconds: number): number {
  return sign === '-' ? -seconds : seconds;
}
