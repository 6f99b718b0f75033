import type { Problem } from '../../../errors.ts';
import { lacksValue, type Column, type Table } from './column.ts';

/** Year, month, day, maybe a time after it, as ISO 8601 and with slashes or dots. */
const YEAR_FIRST =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;
/** Day and month in either order, then the year. */
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})(?:[T ,]+(\d{1,2}:\d{2}(?::\d{2})?))?$/;

/**
 * When each row was, by a column of numbers, dates or times; undefined after adding to `problems` what keeps them from being ordered. Where day and
 * month can be either, dots and hyphens mean that the day comes first and slashes that the month does, unless a number above 12 tells.
 */
export function rowTimes(table: Table, column: Column, problems: Problem[]): Float64Array | undefined {
  const refuse = (message: string): Float64Array | undefined => {
    const hint = 'Give numbers, or dates such as 2024-01-31 or 2024-01-31 12:00, in every row.';
    problems.push({ where: 'dataset.split.time', message, hint });
    return undefined;
  };
  const rows = Array.from({ length: table.count }, (_, row) => row);
  const lacking = rows.find((row) => lacksValue(column, row));
  if (lacking !== undefined)
    return refuse(`Line ${table.lineOf(lacking)} of ${table.file} has no value for '${column.name}'.`);
  if (column.kind === 'number') return Float64Array.from(column.values.subarray(0, table.count));
  const dayFirst = isDayFirst(column.words);
  const times = column.words.map((word) => timeOf(word.trim(), dayFirst));
  const unread = rows.find((row) => Number.isNaN(times[column.codes[row] ?? 0] ?? NaN));
  if (unread !== undefined) {
    const word = column.words[column.codes[unread] ?? 0] ?? '';
    return refuse(
      `Line ${table.lineOf(unread)} of ${table.file} has '${word}' for '${column.name}', which is no date.`,
    );
  }
  return Float64Array.from(rows, (row) => times[column.codes[row] ?? 0] ?? NaN);
}

function isDayFirst(words: readonly string[]): boolean {
  const found = words.map((word) => YEAR_LAST.exec(word.trim())).filter((match) => match !== null);
  if (found.some((match) => Number(match[1]) > 12)) return true;
  if (found.some((match) => Number(match[3]) > 12)) return false;
  return found[0]?.[2] !== '/';
}

/** Milliseconds; NaN where it is no date. */
function timeOf(word: string, dayFirst: boolean): number {
  const first = YEAR_FIRST.exec(word);
  if (first) return utc(first[1], first[2], first[3], first[4], first[5]);
  const last = YEAR_LAST.exec(word);
  if (!last) return NaN;
  const [day, month] = dayFirst ? [last[1], last[3]] : [last[3], last[1]];
  return utc(last[4], month, day, last[5], undefined);
}

function utc(year = '', month = '', day = '', time = '00:00', zone = 'Z'): number {
  const two = (digits: string): string => digits.padStart(2, '0');
  const clock = time.replace(/^(\d):/, '0$1:');
  return Date.parse(`${year}-${two(month)}-${two(day)}T${clock}${zone}`);
}
