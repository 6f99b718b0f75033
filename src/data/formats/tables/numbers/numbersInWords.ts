import type { Problem } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { listOf } from '../../../findings/wording.ts';
import type { Column, NumberColumn, WordColumn } from '../column.ts';
import { isMissing } from './parseNumber.ts';
import { areFactors, readWrittenNumber, unitOf, type NumberStyle } from './numberStyles.ts';

/** Where a column of words lies, and what is known of how its file writes numbers. */
export interface WordsPlace {
  readonly file: string;
  readonly count: number;
  lineOf(row: number): number;
  /** What a row is called, such as `Line`. */
  readonly unit: 'Line' | 'Row';
  /** Whether the file writes 0,5 or 0.5; undefined where nothing tells. */
  readonly decimalComma: boolean | undefined;
  /** What 1,234 is taken for where nothing else tells. */
  readonly doubtfulComma: 'decimal' | 'thousands';
  /** Whether the column must be numbers, because the experiment or the training split says so. */
  readonly mustBeNumbers: boolean;
}

/** A column as it is to be used, and what there is to say about it. */
export interface ReadColumn {
  readonly column: Column;
  /** What results may suffer from. */
  readonly remarks: readonly string[];
  /** How its numbers were read. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** Share of the values that must be numbers where others are taken for missing ones. */
const LEAST_NUMBERS = 0.5;
/** Share of the values that may be damaged; with more, they are words of another kind. */
const MOST_DAMAGED = 0.05;
/** Where there are few different words, share of the values that are mistyped numbers rather than categories. */
const MOST_MISTYPED = 0.01;
/** So few different words may all stand for a missing value. */
const MOST_TOKENS = 3;
/** A column of no more different words may as well be categories. */
const FEW_CATEGORIES = 20;

/**
 * Reads a column of words as the numbers that most of them are. What is no number stands for a missing value where it is a mark (`-`), infinite, or one of at
 * most three words that have no digits, beside many different numbers. Of other cells, few are refused by line and value;
 * with many, the column stays one of words.
 */
export function readNumbersInWords(words: WordColumn, place: WordsPlace): ReadColumn {
  const asTheyAre: ReadColumn = { column: words, remarks: [], notes: [], problems: [] };
  const rows = rowsOf(words, place.count);
  const present = words.words.flatMap((word, code) => (isMissing(word) || rows.counts[code] === 0 ? [] : [code]));
  const rowsAmong = (codes: readonly number[]): number =>
    codes.reduce((sum, code) => sum + (rows.counts[code] ?? 0), 0);
  const style = styleOf(words, present, rowsAmong, place);
  if (!style) return asTheyAre;
  const values = words.words.map((word) => readWrittenNumber(word, style));
  const numbers = present.filter((code) => values[code] !== undefined);
  const others = present.filter((code) => values[code] === undefined);
  const different = new Set(numbers.map((code) => values[code])).size;
  const isNumeric = place.mustBeNumbers || (different > 1 && rowsAmong(numbers) >= LEAST_NUMBERS * rowsAmong(present));
  if (!isNumeric || holdsCodes(words, numbers)) return asTheyAre;
  // Few different numbers with letters beside them, as 10 kg, are categories as well.
  const mayBeCategories = !place.mustBeNumbers && different <= FEW_CATEGORIES && present.length <= FEW_CATEGORIES;
  if (mayBeCategories && /\p{L}/u.test(style.suffix)) return asTheyAre;
  const marks = others.filter((code) => !/[\p{L}\p{N}]/u.test(words.words[code] ?? ''));
  const named = others.filter(
    (code) => /^\p{L}[^\p{N}]*$/u.test((words.words[code] ?? '').trim()) && !isInfinite(words, code),
  );
  const infinite = others.filter((code) => isInfinite(words, code));
  const tokens = [...infinite, ...(marks.length <= MOST_TOKENS ? marks : [])];
  if (different > FEW_CATEGORIES && named.length + tokens.length - infinite.length <= MOST_TOKENS)
    tokens.push(...named);
  const damaged = others.filter((code) => !tokens.includes(code));
  if (damaged.length > 0) {
    const fewDamaged = mayBeCategories
      ? rowsAmong(damaged) <= MOST_MISTYPED * rowsAmong(present) &&
        damaged.every((code) => /\d/.test(words.words[code] ?? ''))
      : rowsAmong(damaged) <= MOST_DAMAGED * rowsAmong(present);
    if (!place.mustBeNumbers && !fewDamaged)
      return { ...asTheyAre, remarks: mixedRemark(words, numbers, damaged, place) };
    return { ...asTheyAre, problems: damaged.map((code) => damagedProblem(words, code, rows, place)) };
  }
  const missing = new Set(tokens.map((code) => words.words[code] ?? ''));
  const column: NumberColumn = {
    kind: 'number',
    name: words.name,
    numberOf: (cell) => (missing.has(cell) || isMissing(cell) ? NaN : readWrittenNumber(cell, style)),
    values: Float64Array.from({ length: place.count }, (_, row) => values[words.codes[row] ?? 0] ?? NaN),
  };
  return {
    column,
    remarks: tokens.length > 0 ? [tokenRemark(words, tokens, rows, place)] : [],
    notes: noteOf(words, numbers, style, values),
    problems: [],
  };
}

/** Of each word, in how many rows it is and in which first. */
export interface Occurrences {
  readonly counts: Int32Array;
  readonly first: Int32Array;
}

/** Counts the words of a column. */
export function rowsOf({ words, codes }: WordColumn, count: number): Occurrences {
  const counts = new Int32Array(words.length);
  const first = new Int32Array(words.length);
  for (let row = count - 1; row >= 0; row--) {
    const code = codes[row] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
    first[code] = row;
  }
  return { counts, first };
}

/** The way of writing numbers that fits most rows. */
function styleOf(
  { words }: WordColumn,
  present: readonly number[],
  rowsAmong: (codes: readonly number[]) => number,
  { decimalComma, doubtfulComma, mustBeNumbers }: WordsPlace,
): NumberStyle | undefined {
  const units = new Map<string, { readonly unit: Pick<NumberStyle, 'prefix' | 'suffix'>; readonly codes: number[] }>();
  for (const code of present) {
    const unit = unitOf(words[code] ?? '');
    if (!unit) continue;
    const key = JSON.stringify(unit);
    const group = units.get(key) ?? { unit, codes: [] };
    units.set(key, group);
    group.codes.push(code);
  }
  const [usual] = [...units.values()].sort((one, other) => rowsAmong(other.codes) - rowsAmong(one.codes));
  const preferred = decimalComma === undefined ? doubtfulComma : decimalComma ? 'decimal' : 'thousands';
  if (!usual) return mustBeNumbers ? { prefix: '', suffix: '', comma: preferred } : undefined;
  const alike = [...units.values()].filter(({ unit }) => unit.prefix === usual.unit.prefix);
  const multiplies = areFactors(alike.map(({ unit }) => unit.suffix));
  const style = multiplies ? { prefix: usual.unit.prefix, suffix: '', multiplies } : usual.unit;
  const codes = multiplies ? alike.flatMap((group) => group.codes) : usual.codes;
  const readable = (comma: NumberStyle['comma']): number =>
    rowsAmong(codes.filter((code) => readWrittenNumber(words[code] ?? '', { ...style, comma }) !== undefined));
  const [decimal, thousands] = [readable('decimal'), readable('thousands')];
  const comma = decimal === thousands ? preferred : decimal > thousands ? 'decimal' : 'thousands';
  return { ...style, comma };
}

/** Names of columns whose numbers with letters around them are no amounts. */
const CODE_NAME = /(?:^|[^a-z])(?:zip|postal|postcode|phone|code|id|ticket|cabin)(?:$|[^a-z])/i;

/** Whether numbers are names: 01 and 1 side by side, or 123xx for a postal code. */
function holdsCodes({ name, words }: WordColumn, numbers: readonly number[]): boolean {
  if (CODE_NAME.test(name) && numbers.some((code) => /\p{L}/u.test(words[code] ?? ''))) return true;
  const spelled = new Set(numbers.map((code) => (words[code] ?? '').trim()));
  return [...spelled].some((word) => /^0\d+$/.test(word) && spelled.has(word.replace(/^0+(?=\d)/, '')));
}

function isInfinite({ words }: WordColumn, code: number): boolean {
  return /^[-+]?inf(?:inity)?$/i.test((words[code] ?? '').trim());
}

function damagedProblem({ name, words }: WordColumn, code: number, { counts, first }: Occurrences, place: WordsPlace) {
  const more = (counts[code] ?? 1) - 1;
  const others = more === 0 ? '' : ` (and ${more} more like it)`;
  const line = `${place.unit} ${place.lineOf(first[code] ?? 0)} of ${place.file}`;
  return pathProblem(
    `${line} has '${(words[code] ?? '').slice(0, 40)}'${others} in the column '${name}', which is no number.`,
    `Mend the cell or leave it empty; with 'category' or 'ignore' in dataset.columns the column is not taken for numbers.`,
  );
}

/** Words beside many different numbers make all of them categories. */
function mixedRemark(
  { name, words }: WordColumn,
  numbers: readonly number[],
  others: readonly number[],
  { file }: WordsPlace,
): readonly string[] {
  if (numbers.length <= FEW_CATEGORIES || others.length > MOST_TOKENS) return [];
  const told = listOf(others.map((code) => (words[code] ?? '').trim().slice(0, 40)));
  return [
    `The column '${name}' of ${file} has ${numbers.length} different numbers, but ${told} too, in many rows, so that all of them are words. Write what is no number as one, or leave it empty, to have amounts.`,
  ];
}

/** Tells which words of a column of numbers stand for a missing value. */
export function tokenRemark(
  { name, words }: WordColumn,
  tokens: readonly number[],
  rows: Occurrences,
  place: Pick<WordsPlace, 'file' | 'unit' | 'lineOf'>,
): string {
  const told = tokens.map((code) => {
    const count = rows.counts[code] ?? 0;
    const line = `${place.unit.toLowerCase()} ${place.lineOf(rows.first[code] ?? 0)}`;
    return `'${(words[code] ?? '').trim()}' (${count === 1 ? line : `${count} times, first in ${line}`})`;
  });
  return (
    `In the column '${name}' of ${place.file}, which has numbers, ${told.join(' and ')} ` +
    `${tokens.length === 1 ? 'is' : 'are'} taken for a missing value. ` +
    `With 'category' in dataset.columns.${name} it is a value of its own.`
  );
}

/** How numbers were read, where that is not as they are usually written. */
function noteOf(
  { name, words }: WordColumn,
  numbers: readonly number[],
  { prefix, suffix, comma }: NumberStyle,
  values: readonly (number | undefined)[],
): readonly string[] {
  const special = numbers.find((code) => Number((words[code] ?? '').trim()) !== values[code]);
  if (special === undefined) return [];
  const told = `'${(words[special] ?? '').trim()}' in the column '${name}' is read as ${values[special] ?? NaN}`;
  const unit = [prefix, suffix].filter((part) => part !== '');
  const without = unit.length > 0 ? `, without ${listOf(unit)}` : '';
  const withComma = numbers.find((code) => (words[code] ?? '').includes(','));
  const mark =
    withComma === undefined ? '' : comma === 'decimal' ? ', with a decimal comma' : ', with commas between thousands';
  return [`${told}${without}${mark}.`];
}
