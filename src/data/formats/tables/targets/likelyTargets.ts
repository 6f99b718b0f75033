import { classifyColumn, type Judgement } from '../classifyColumn.ts';
import { missingRows, type Column, type Table } from '../column.ts';
import { isKnownBefore, isSaidOfTexts, isUsualTarget, targetRank } from './usualTargets.ts';

/** The columns that a table is likely to be kept for, and why. */
export interface LikelyTargets {
  readonly columns: readonly Column[];
  /** Completes "is predicted, as …". */
  readonly reason: string;
  /** Whether texts are what it is predicted from, for all that there are numbers beside them. */
  readonly isOfTexts: boolean;
}

/** Share of the rows that may lack a value of a column that is predicted though its name does not say so. */
const MOST_MISSING = 0.3;
/** Rows that tell what columns are like. */
const ROWS_LOOKED_AT = 20_000;
/** A column with no more different values may be classes. */
const FEW_CLASSES = 30;
/** Seconds from 1970 to 1990 and to 2040. */
const SECONDS = { from: 631_152_000, to: 2_208_988_800 } as const;
/** So many columns of 0 and 1 behind a text are labels that may come together. */
const LEAST_LABELS = 3;

const NUMBERED = /^(?:y|targets?|outputs?)[ _-]?\d$/i;

/** What was found for tables, which several ask about. */
const found = new WeakMap<Table, LikelyTargets>();

/**
 * Guesses what is to be predicted where nobody says it: the column with the likeliest name; labels of 0 and 1 behind a text; the only column beside
 * texts; of a table without names the first one, where it alone holds classes; else the last that may be one.
 *
 * @param onlyNamed whether only a name counts
 */
export function likelyTargets(table: Table, onlyNamed = false): LikelyTargets {
  if (onlyNamed) return guess(table, true);
  const known = found.get(table) ?? guess(table, false);
  found.set(table, known);
  return known;
}

function guess(table: Table, onlyNamed: boolean): LikelyTargets {
  const named = byName(table);
  const { columns } = table;
  const beginning = { ...table, count: Math.min(table.count, ROWS_LOOKED_AT) };
  const labels = labelsBehindText(beginning);
  if (labels.length > 0 && (!named || (labels.includes(named) && !isUsualTarget(named.name))) && !onlyNamed) {
    return { columns: labels, reason: 'they are 0 or 1 and stand behind a text', isOfTexts: true };
  }
  if (named) return { columns: [named], reason: 'its name says', isOfTexts: isSaidOfTexts(named.name) };
  if (onlyNamed) return { columns: [], reason: '', isOfTexts: false };
  const oneHot = classesOfImages(beginning);
  if (oneHot.length > 0) return { columns: oneHot, reason: 'one of them is 1 in every row', isOfTexts: false };
  const numbered = numberedTargets(beginning);
  if (numbered.length > 0) return { columns: numbered, reason: 'their names say', isOfTexts: false };
  const label = labelBesideTexts(beginning);
  if (label) return { columns: [label], reason: 'the others have texts', isOfTexts: true };
  const first = classesFirst(beginning);
  if (first) {
    return { columns: [first], reason: 'it is the first and the only one that holds classes', isOfTexts: false };
  }
  const onlyWords = wordsAlone(beginning);
  if (onlyWords) return { columns: [onlyWords], reason: 'it is the only one of words', isOfTexts: false };
  const last = columns.findLast((column) => mayBeTarget(column, beginning.count)) ?? columns.at(-1);
  if (!last) return { columns: [], reason: '', isOfTexts: false };
  const reason = last === columns.at(-1) ? 'it is the last one' : 'it is the last one that may be a target';
  return { columns: [last], reason, isOfTexts: false };
}

/** The columns of a table of images where they are nothing but a class, spread over them. */
function classesOfImages({ columns, count, images }: Table): readonly Column[] {
  if (!images || columns.length < LEAST_LABELS || !columns.every((column) => isZeroOrOne(column, count))) return [];
  for (let row = 0; row < count; row++) {
    const ones = columns.filter((column) => column.kind === 'number' && column.values[row] === 1);
    if (ones.length !== 1) return [];
  }
  return columns;
}

/** Several columns of numbers, called y1, y2, … or the like. */
function numberedTargets({ columns, count }: Table): readonly Column[] {
  const numbered = columns.filter(
    (column) =>
      column.kind === 'number' && NUMBERED.test(column.name) && classifyColumn(column, count).kind === 'number',
  );
  return numbered.length > 1 && numbered.length < columns.length ? numbered : [];
}

/** The column with the likeliest name that can be predicted. */
function byName({ columns, count }: Table): Column | undefined {
  const ranked = columns.flatMap((column, index) => {
    const rank = targetRank(column.name);
    // Beside x, y is a coordinate unless it comes last.
    const isCoordinate = column.name.toLowerCase() === 'y' && columns.some(({ name }) => name.toLowerCase() === 'x');
    // Beside a source, a target is the other end of an edge.
    const isEnd = column.name.toLowerCase() === 'target' && columns.some(({ name }) => name.toLowerCase() === 'source');
    if (rank === undefined || isEnd || (isCoordinate && index < columns.length - 1)) return [];
    return [{ column, rank }];
  });
  ranked.sort((one, other) => one.rank - other.rank);
  const varied = ranked.find(({ column }) => {
    const judgement = classifyColumn(column, count);
    return judgement.kind !== 'ignore' || judgement.isConstant !== true;
  });
  return (varied ?? ranked[0])?.column;
}

function mayBeTarget(column: Column, count: number): boolean {
  if (isKnownBefore(column.name) || countsSeconds(column, count)) return false;
  const { kind } = classifyColumn(column, count);
  return (kind === 'number' || kind === 'category') && missingShare(column, count) <= MOST_MISSING;
}

/** Whether numbers are likely to be moments: whole ones, all as many seconds or milliseconds since 1970 as of the years 1990 to 2040. */
function countsSeconds(column: Column, count: number): boolean {
  if (column.kind !== 'number' || valuesOf(column, count) <= FEW_CLASSES) return false;
  const values = column.values.subarray(0, count).filter((value) => !Number.isNaN(value));
  return [1, 1000].some((unit) =>
    values.every((value) => Number.isInteger(value) && value >= SECONDS.from * unit && value <= SECONDS.to * unit),
  );
}

function missingShare(column: Column, count: number): number {
  return missingRows(column, count) / count;
}

/** Several columns of 0 and 1 at the end, behind nothing but a text and what is left out. */
function labelsBehindText({ columns, count }: Table): readonly Column[] {
  const from = columns.findLastIndex((column) => !isZeroOrOne(column, count)) + 1;
  if (from === 0 || columns.length - from < LEAST_LABELS) return [];
  const before = columns.slice(0, from).map((column) => classifyColumn(column, count));
  const isText = (judged: Judgement): boolean =>
    judged.kind === 'text' || (judged.kind === 'ignore' && judged.isSequence === true);
  const isBehindText = before.some(isText) && before.every((judged) => isText(judged) || judged.kind === 'ignore');
  return isBehindText ? columns.slice(from) : [];
}

function isZeroOrOne(column: Column, count: number): boolean {
  return column.kind === 'number' && column.values.subarray(0, count).every((value) => value === 0 || value === 1);
}

/** Of a table that ends in texts, which nobody predicts, the only column of something else; of several the one of most rows and fewest values. */
function labelBesideTexts({ columns, count }: Table): Column | undefined {
  const last = columns.at(-1);
  if (!last || classifyColumn(last, count).kind !== 'text') return undefined;
  const others = columns.filter((column) => {
    const { kind } = classifyColumn(column, count);
    return kind === 'number' || kind === 'category';
  });
  const complete = others.filter((column) => missingShare(column, count) <= MOST_MISSING);
  const [label, second] = complete;
  return second === undefined
    ? label
    : complete.reduce((one, other) => (valuesOf(other, count) < valuesOf(one, count) ? other : one));
}

function valuesOf(column: Column, count: number): number {
  if (column.kind === 'words') return column.words.length;
  return new Set(column.values.subarray(0, count)).size;
}

/** What the values of a column are like. */
type Form = 'words' | 'few' | 'whole' | 'fraction';

/**
 * The first column of a table without names, as the UCI archive has many, where it alone is of words or of few whole numbers and the last is like others. A column
 * that numbers the rows may stand before it.
 */
function classesFirst({ columns, count }: Table): Column | undefined {
  if (!columns.every(({ name }, index) => name === `column ${index + 1}`)) return undefined;
  const possible = columns.filter((column) => mayBeTarget(column, count));
  const [first, second] = possible;
  const last = possible.at(-1);
  if (!first || !second || !last || columns.indexOf(first) > 1) return undefined;
  const forms = possible.map((column) => formOf(column, count));
  const isAlone = (column: Column): boolean => {
    const form = forms[possible.indexOf(column)];
    return forms.filter((each) => each === form).length === 1;
  };
  const form = forms[0];
  // Words name classes rather than few numbers do.
  if (form === 'few' && wordsAlone({ columns, count })) return undefined;
  const holdsClasses = form === 'few' || (form === 'words' && valuesOf(first, count) <= FEW_CLASSES);
  return holdsClasses && isAlone(first) && !(isAlone(last) && forms.at(-1) !== 'fraction') ? first : undefined;
}

/** Of a table without names, whose last column holds fractions, the only column of few words behind the first. */
function wordsAlone({ columns, count }: Pick<Table, 'columns' | 'count'>): Column | undefined {
  if (!columns.every(({ name }, index) => name === `column ${index + 1}`)) return undefined;
  const possible = columns.filter((column) => mayBeTarget(column, count));
  const last = possible.at(-1);
  const [words, another] = possible.filter((column) => formOf(column, count) === 'words');
  if (!words || another || !last || formOf(last, count) !== 'fraction') return undefined;
  return words !== possible[0] && valuesOf(words, count) <= FEW_CLASSES ? words : undefined;
}

function formOf(column: Column, count: number): Form {
  if (column.kind === 'words') return 'words';
  const values = column.values.subarray(0, count);
  if (values.some((value) => !Number.isNaN(value) && !Number.isInteger(value))) return 'fraction';
  return new Set(values).size <= FEW_CLASSES ? 'few' : 'whole';
}
