import type { NumberColumn, WordColumn } from '../column.ts';
import { rowsOf, tokenRemark, type ReadColumn, type WordsPlace } from '../numbers/numbersInWords.ts';
import { isMissing } from '../numbers/parseNumber.ts';
import { durationStyleOf, secondsOf } from './durations.ts';

/** So many different marks may stand for a missing value. */
const MOST_MARKS = 3;

/** Reads a column of words as seconds where all are durations, or marks (`-`) for a missing one; undefined for any other column. */
export function readDurations(
  column: WordColumn,
  place: Pick<WordsPlace, 'file' | 'count' | 'unit' | 'lineOf'>,
): ReadColumn | undefined {
  const { name, words, codes } = column;
  const rows = rowsOf(column, place.count);
  const present = words.flatMap((word, code) => (isMissing(word) || rows.counts[code] === 0 ? [] : [code]));
  const marks = present.filter((code) => !/[\p{L}\p{N}]/u.test(words[code] ?? ''));
  const durations = present.filter((code) => !marks.includes(code));
  if (marks.length > MOST_MARKS) return undefined;
  const style = durationStyleOf(
    name,
    durations.map((code) => words[code] ?? ''),
  );
  if (!style) return undefined;
  const missing = new Set(marks.map((code) => words[code] ?? ''));
  const numberOf = (cell: string): number | undefined => (missing.has(cell) ? NaN : secondsOf(cell, style));
  const values = words.map((word) => numberOf(word) ?? NaN);
  const read: NumberColumn = {
    kind: 'number',
    name,
    numberOf,
    values: Float64Array.from({ length: place.count }, (_, row) => values[codes[row] ?? 0] ?? NaN),
  };
  const [first = 0] = durations;
  const told = `'${(words[first] ?? '').trim()}' as ${Number((values[first] ?? NaN).toPrecision(9))}`;
  return {
    column: read,
    remarks: marks.length > 0 ? [tokenRemark(column, marks, rows, place)] : [],
    notes: [`The cells of the column '${name}' of ${place.file} are durations and are read as seconds: ${told}.`],
    problems: [],
  };
}
