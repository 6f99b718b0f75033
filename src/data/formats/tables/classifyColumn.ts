import type { Column, NumberColumn, WordColumn } from './column.ts';
import { isMissing } from './reading/parseNumber.ts';

/** What a column is used as. */
export type ColumnKind = 'number' | 'category' | 'text' | 'ignore';

/** What a column is taken for, and why it is left out where it is. */
export type Judgement =
  | { readonly kind: 'number' | 'category' | 'text' }
  | { readonly kind: 'ignore'; readonly reason: string; readonly isConstant?: boolean };

const MOST_CATEGORIES = 1000;
/** So few different words are categories however short the table is. */
const FEW_CATEGORIES = 20;
/** In a shorter table a column that counts from 0 or 1 may well be a measurement. */
const LEAST_NUMBERED_ROWS = 20;
/** A day, with or without a time: 2024-01-31, 31.1.2024, 1/31/24, 31-Jan-2024. */
const DATE =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[- ]\p{L}{3,9}[- ]\d{2,4})(?:[T ]+\d{1,2}:\d{2}.*)?$/u;
const ID_NAME = /^(?:id|index|idx|no|nr|row|rownum|uuid|guid|unnamed.*|.*[_ -]id|.*Id)$/;

/**
 * Judges by its contents what a column is used as: numbers, categories or texts. Left out are columns that tell nothing: empty or
 * constant ones, and those that only number or name the rows.
 */
export function classifyColumn(column: Column, count: number): Judgement {
  return column.kind === 'number' ? judgeNumbers(column, count) : judgeWords(column, count);
}

function judgeNumbers({ name, values }: NumberColumn, count: number): Judgement {
  const distinct = new Set<number>();
  let whole = true;
  let counting = true;
  for (let row = 0; row < count; row++) {
    const value = values[row] ?? NaN;
    if (!Number.isInteger(value)) whole = false;
    if (!Number.isNaN(value)) distinct.add(value);
    if (value !== (values[0] ?? NaN) + row) counting = false;
    // A column of measurements needs no further look.
    if (!whole && distinct.size > 1) return { kind: 'number' };
  }
  if (distinct.size === 0) return { kind: 'ignore', reason: 'is empty' };
  if (distinct.size === 1)
    return { kind: 'ignore', reason: `is ${[...distinct][0] ?? 0} in every row`, isConstant: true };
  const numbersRows = counting && count >= LEAST_NUMBERED_ROWS && (values[0] === 0 || values[0] === 1);
  const isPermuted = whole && distinct.size === count && count >= LEAST_NUMBERED_ROWS && countsFrom(distinct, count);
  const isId = numbersRows || isPermuted || (ID_NAME.test(name) && distinct.size === count);
  return isId ? { kind: 'ignore', reason: 'only numbers the rows' } : { kind: 'number' };
}

function judgeWords({ words, codes }: WordColumn, count: number): Judgement {
  const missing = words.map(isMissing);
  let present = 0;
  for (let row = 0; row < count; row++) if (missing[codes[row] ?? 0] === false) present++;
  const distinct = words.filter((_, code) => missing[code] === false);
  if (distinct.length === 0) return { kind: 'ignore', reason: 'is empty' };
  if (distinct.length === 1 && present === count)
    return { kind: 'ignore', reason: `is '${distinct[0] ?? ''}' in every row`, isConstant: true };
  const isDated = distinct.length > FEW_CATEGORIES && distinct.every((word) => DATE.test(word.trim()));
  if (isDated) return { kind: 'ignore', reason: `holds dates, such as ${distinct[0] ?? ''}, which are no numbers` };
  const length = wordsPerCell(distinct);
  const mostlyDifferent = distinct.length > present / 2;
  if (length >= 3 && (mostlyDifferent || (length >= 5 && distinct.length > FEW_CATEGORIES))) return { kind: 'text' };
  if (distinct.length <= FEW_CATEGORIES || (distinct.length <= MOST_CATEGORIES && !mostlyDifferent)) {
    return { kind: 'category' };
  }
  return { kind: 'ignore', reason: `has ${distinct.length} different words in ${present} rows` };
}

/** Words of a cell on average, by the first thousand. */
function wordsPerCell(cells: readonly string[]): number {
  const sample = cells.slice(0, 1000);
  return sample.reduce((sum, cell) => sum + cell.trim().split(/\s+/).length, 0) / sample.length;
}

/** Whether as many different whole numbers are all from 0, or from 1, on. */
function countsFrom(distinct: ReadonlySet<number>, count: number): boolean {
  for (let value = 1; value < count; value++) if (!distinct.has(value)) return false;
  return distinct.has(0) || distinct.has(count);
}
