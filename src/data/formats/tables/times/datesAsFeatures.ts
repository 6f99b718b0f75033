import { information, type Finding } from '../../../findings/finding.ts';
import type { Column } from '../column.ts';
import { isMissing } from '../numbers/parseNumber.ts';
import { CLOCK_PARTS, COUNTED_PARTS, dateFormOf, DATE_PARTS, momentOf, type DatePart } from './dates.ts';

/** Where rows are ordered in time, a training split that ends before a whole year has not seen each of its parts; with so many days it has, and half a year is left. */
const LEAST_DAYS_OF_YEARS = 550;
const DAY = 86_400_000;
/** What goes on for ever, so that the latest rows have what none to train with has. */
const ENDLESS: ReadonlySet<DatePart> = new Set(['year', 'days']);
/** What comes back only after a year. */
const OF_YEARS: ReadonlySet<DatePart> = new Set(['month', 'yearSine', 'yearCosine']);

/** Columns of dates, and what of each becomes numbers. */
export type DateColumns = ReadonlyMap<Column, readonly DatePart[]>;

/** All that can be found from the dates of each column; of the one that orders the rows what comes back. */
export function datePartsOf(dates: readonly Column[], time: Column | undefined): DateColumns {
  return new Map(
    dates.map((column) => {
      const all = isClock(column) ? CLOCK_PARTS : DATE_PARTS;
      return [column, column === time ? comingBack(column, all) : all];
    }),
  );
}

/** What counts on in each column's dates, as samples had it before there was more; nothing of the column that orders the rows. */
export function countedPartsOf(dates: readonly Column[], time: Column | undefined): DateColumns {
  return new Map(
    dates.map((column) => [column, column === time ? [] : isClock(column) ? (['hour'] as const) : COUNTED_PARTS]),
  );
}

function comingBack(column: Column, parts: readonly DatePart[]): readonly DatePart[] {
  const moments = wordsOf(column).map((word) => momentOf(word, formOf(column)));
  let [first, last] = [Infinity, -Infinity];
  for (const moment of moments) {
    first = Math.min(first, moment);
    last = Math.max(last, moment);
  }
  const hasYears = (last - first) / DAY >= LEAST_DAYS_OF_YEARS;
  return parts.filter((part) => !ENDLESS.has(part) && (hasYears || !OF_YEARS.has(part)));
}

/** Tells what becomes of dates. @param time the column that orders the rows, where it is used no further than that */
export function datesAsNumbers(dates: DateColumns, time: Column | undefined): readonly Finding[] {
  return [...dates].map(([column, parts]) => {
    const { name } = column;
    const where = `dataset.columns.${name}`;
    if (column === time) {
      const use =
        parts.length === 0
          ? `The dates of '${name}' order the rows and are no feature.`
          : `The dates of '${name}' order the rows; of them becomes a number what comes back, as month (where there are 18 months or more), day of the month, weekday and hour, but no year and no days since 1970, in which the latest rows lie beyond all others.`;
      return information(
        where,
        `${use} Set ${where} to 'date' to learn from these as well, as where there is a trend, or to 'ignore' to learn from none.`,
      );
    }
    const has = (part: DatePart): boolean => parts.includes(part);
    const message = has('daySine')
      ? has('days')
        ? `The dates of '${name}' become numbers: year, month, day, weekday, hour and days since 1970, each day of the week by itself, and their place on the circles of year and day, as far as they differ.`
        : `The times of '${name}' become hours since midnight, and their place on the circle of a day.`
      : has('days')
        ? `The dates of '${name}' become numbers: year, month, day, weekday, hour and days since 1970, as far as they differ.`
        : `The times of '${name}' become hours since midnight.`;
    return information(where, `${message} Set ${where} to 'ignore' to leave them out.`);
  });
}

function isClock(column: Column): boolean {
  return formOf(column).isClock;
}

function formOf(column: Column) {
  return dateFormOf(wordsOf(column)) ?? { dayFirst: false, isClock: false };
}

function wordsOf(column: Column): readonly string[] {
  return column.kind === 'words' ? column.words.filter((word) => !isMissing(word)) : [];
}
