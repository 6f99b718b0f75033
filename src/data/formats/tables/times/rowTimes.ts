import type { Problem } from '../../../../errors.ts';
import { isDayFirst, momentOf } from './dates.ts';
import { lacksValue, type Column, type Table } from '../column.ts';

/**
 * When each row was, by a column of numbers or dates; undefined after adding to `problems` what keeps them from being ordered.
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
  const form = { dayFirst: isDayFirst(column.words), isClock: false };
  const times = column.words.map((word) => momentOf(word, form));
  const unread = rows.find((row) => Number.isNaN(times[column.codes[row] ?? 0] ?? NaN));
  if (unread !== undefined) {
    const word = column.words[column.codes[unread] ?? 0] ?? '';
    return refuse(
      `Line ${table.lineOf(unread)} of ${table.file} has '${word}' for '${column.name}', which is no date.`,
    );
  }
  return Float64Array.from(rows, (row) => times[column.codes[row] ?? 0] ?? NaN);
}
