import type { Column, NumberColumn, WordColumn } from './column.ts';
import { areSequences, tellSomething, wordsWithoutBlanks } from '../texts/characterSequences.ts';
import { dateFormOf } from './times/dates.ts';
import { isMissing } from './numbers/parseNumber.ts';

/** What a column is used as. */
export type ColumnKind = 'number' | 'category' | 'date' | 'text' | 'ignore';

/** What a column is taken for, and why it is left out where it is. */
export type Judgement =
  | { readonly kind: 'number' | 'category' | 'date' | 'text' }
  /** `isSequence` where it could be read character by character. */
  | {
      readonly kind: 'ignore';
      readonly reason: string;
      readonly isConstant?: boolean;
      readonly isSequence?: boolean;
    };

const MOST_CATEGORIES = 1000;
/** So few different words are categories however short the table is. */
const FEW_CATEGORIES = 20;
/** In a shorter table a column that counts from 0 or 1 may well be a measurement. */
const LEAST_NUMBERED_ROWS = 20;
/** So few different dates are categories. */
const FEW_DATES = 5;
/** Names of columns in which few different words are dates all the same. */
const DATE_NAME = /date|time|datum|day/i;
/** The first column of a table without names. */
const FIRST_NAME = /^column 1$/;
/** Names of columns that say which rows are to be ranked among each other. */
const QUERY_NAME = /^(?:qid|query_?id)$/i;
/** Names of columns that say how much rows count. */
const WEIGHT_NAME = /^(?:sample|instance|case|observation)[_ ]?weights?$/i;
/** Names of columns that number parts of the rows. */
export const FOLD_NAME = /^k?[_-]?folds?$/i;
const ID_NAME = /^(?:[a-z]?id\d*|index|idx|no|nr|row|rownum|uuid|guid|unnamed.*|.*[_ -]id|.*(?:[a-z]I[dD]))$/i;

/** Names that speak of an identifier among other words, as `SK_ID_CURR` does; measurements may be called so, too, so that all have to differ. */
const ID_AMONG_WORDS = /(?:^|[_ -])id[_ -]/i;

/**
 * Judges by its contents what a column is used as: numbers, categories, dates or texts. Left out are columns that tell nothing: empty or
 * constant ones, and those that only number or name the rows.
 */
export function classifyColumn(column: Column, count: number): Judgement {
  if (QUERY_NAME.test(column.name)) {
    const reason = `numbers queries; "split": {"group": "${column.name}"} keeps the rows of each in one split`;
    return { kind: 'ignore', reason };
  }
  const judged = column.kind === 'number' ? judgeNumbers(column, count) : judgeWords(column, count);
  if (judged.kind !== 'number') return judged;
  if (WEIGHT_NAME.test(column.name))
    return { kind: 'ignore', reason: 'says how much each row counts, which is not known of others' };
  return FOLD_NAME.test(column.name) ? { kind: 'ignore', reason: 'numbers parts of the table' } : judged;
}

function judgeNumbers({ name, values, countsRows = false }: NumberColumn, count: number): Judgement {
  if (countsRows) return { kind: 'ignore', reason: 'only numbers the rows' };
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
  const isCalledSo = [ID_NAME, ID_AMONG_WORDS, FIRST_NAME].some((names) => names.test(name));
  const numbersAll = isCalledSo && whole && distinct.size === count;
  if (numbersRows || isPermuted || numbersAll) return { kind: 'ignore', reason: 'only numbers the rows' };
  const isIdentifier = ID_NAME.test(name) && count >= LEAST_NUMBERED_ROWS && distinct.size > count / 2;
  return isIdentifier
    ? { kind: 'ignore', reason: `has ${distinct.size} identifiers in ${count} rows` }
    : { kind: 'number' };
}

function judgeWords({ name, words, codes }: WordColumn, count: number): Judgement {
  const missing = words.map(isMissing);
  let present = 0;
  for (let row = 0; row < count; row++) if (missing[codes[row] ?? 0] === false) present++;
  const distinct = words.filter((_, code) => missing[code] === false);
  if (distinct.length === 0) return { kind: 'ignore', reason: 'is empty' };
  if (distinct.length === 1 && present === count)
    return { kind: 'ignore', reason: `is '${distinct[0] ?? ''}' in every row`, isConstant: true };
  const mayBeDates = distinct.length > (DATE_NAME.test(name) ? 2 : FEW_DATES);
  if (mayBeDates && dateFormOf(distinct)) return { kind: 'date' };
  const length = wordsPerCell(distinct);
  const mostlyDifferent = distinct.length > present / 2;
  if (length >= 3 && (mostlyDifferent || (length >= 5 && distinct.length > FEW_CATEGORIES))) return { kind: 'text' };
  if (distinct.length <= FEW_CATEGORIES || (distinct.length <= MOST_CATEGORIES && !mostlyDifferent)) {
    return { kind: 'category' };
  }
  const isNamed = [ID_NAME, ID_AMONG_WORDS].some((names) => names.test(name));
  const isSequence = !isNamed && areSequences(distinct) && tellSomething(distinct);
  return { kind: 'ignore', reason: `has ${distinct.length} different words in ${present} rows`, isSequence };
}

/** Words of a cell on average, by the first thousand. */
function wordsPerCell(cells: readonly string[]): number {
  const sample = cells.slice(0, 1000);
  return (
    sample.reduce((sum, cell) => sum + cell.trim().split(/\s+/).length + wordsWithoutBlanks(cell), 0) / sample.length
  );
}

/** Whether as many different whole numbers are all from 0, or from 1, on. */
function countsFrom(distinct: ReadonlySet<number>, count: number): boolean {
  for (let value = 1; value < count; value++) if (!distinct.has(value)) return false;
  return distinct.has(0) || distinct.has(count);
}
