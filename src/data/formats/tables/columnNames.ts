import { isMissing } from './numbers/parseNumber.ts';

/** The first line of a table and those below it, as far as they were looked at. */
export interface FirstLines {
  readonly first: readonly string[];
  readonly others: readonly (readonly string[])[];
  /** Of each column, whether it has numbers below the first line. */
  readonly isNumber: (column: number) => boolean;
  /** Whether a cell spells a number. */
  readonly spellsNumber: (cell: string) => boolean;
}

/** What columns are called. */
export interface HeaderNames {
  readonly names: readonly string[];
  /** Places of those that the header has no name for. */
  readonly unnamed: ReadonlySet<number>;
  /** Names that were given as the header has them twice. */
  readonly repeated: readonly string[];
}

/** Names that tell a header where everything is text. */
const USUAL_NAMES =
  /^(?:label|labels|class|classes|target|y|category|sentiment|text|sentence|review|comment|content|title|id|name|group|path|image|file|filename|feature|value)s?$/i;
/** Rows that tell of columns of words that few of them occur, and how often each does on average. */
const LEAST_REPEATING = 12;
const ROWS_OF_WORD = 4;
/** A first line that counts 0, 1, 2 is a header when it has so many cells. */
const LEAST_COUNTED = 3;

/**
 * The first line names the columns when a column of numbers has a word there, or when it only counts (0, 1, 2, as pandas names columns
 * that have no names). Where there are no numbers below, it must have a usual name, or names that are no values of their columns.
 */
export function isHeader({ first, others, isNumber, spellsNumber }: FirstLines): boolean {
  const isEmptyBelow = (column: number): boolean =>
    others.length > 0 && others.every((record) => (record[column] ?? '').trim() === '');
  // Columns that have neither a name nor a value say nothing.
  const cells = first.map((cell) => cell.trim()).filter((cell, column) => cell !== '' || !isEmptyBelow(column));
  const counted = cells[0] === '' ? cells.slice(1) : cells;
  if (counted.length >= LEAST_COUNTED && others.length > 0 && counted.every((cell, index) => cell === String(index))) {
    return true;
  }
  if (countsBesideNames(first, others)) return true;
  if (
    cells.some((cell, column) => isNumber(column) && !isMissing(cell) && /[\p{L}_]/u.test(cell) && !spellsNumber(cell))
  )
    return true;
  if (namesYears(cells)) return true;
  if (cells.some((cell, column) => (column > 0 && cell === '') || (cell !== '' && spellsNumber(cell)))) return false;
  if (cells.some((cell) => USUAL_NAMES.test(cell)) || namesColumnsOfClasses(first, others)) return true;
  // Row numbers have no name as pandas writes them.
  const isNumbered = cells[0] === '' && cells.length > 1 && isNumber(0);
  const looksLikeNames = cells.every(
    (cell, column) => (isNumbered && column === 0) || /^[\p{L}_][\p{L}\p{N}_.-]{0,40}$/u.test(cell),
  );
  return (
    looksLikeNames &&
    !cells.some((cell, column) => cell !== '' && others.some((record) => record[column]?.trim() === cell))
  );
}

/** Whether columns are counted from 0 or 1, beside a few with names that are no values of theirs, as pandas writes an array with a column of labels. */
function countsBesideNames(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  const cells = first.map((cell) => cell.trim());
  const counted = cells.filter((cell) => /^\d+$/.test(cell));
  const begins = cells.findIndex((cell) => /^\d+$/.test(cell));
  const areBeside = counted.every((cell, index) => cells[begins + index] === cell);
  const start = Number(counted[0]);
  const names = [...cells.entries()].filter(([, cell]) => cell !== '' && !/^\d+$/.test(cell));
  return (
    counted.length >= LEAST_COUNTED &&
    areBeside &&
    (start === 0 || start === 1) &&
    counted.every((cell, index) => cell === String(start + index)) &&
    names.length > 0 &&
    others.length > 0 &&
    names.every(
      ([column, name]) => /\p{L}/u.test(name) && !others.some((record) => (record[column] ?? '').trim() === name),
    )
  );
}

/** Whether names of columns are followed by years, one after another, as wide tables of series have them. */
function namesYears(cells: readonly string[]): boolean {
  const first = cells.findIndex((cell) => /^(?:1[89]|20)\d\d$/.test(cell));
  const years = cells.slice(Math.max(0, first)).filter((cell) => cell !== '');
  const areYears = years.every((cell, index) => cell === String(Number(years[0]) + index));
  return (
    first > 0 && years.length >= LEAST_COUNTED && areYears && cells.slice(0, first).every((cell) => /\p{L}/u.test(cell))
  );
}

/** Whether the first line has words that occur nowhere below in columns that repeat a few. */
function namesColumnsOfClasses(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  if (others.length < LEAST_REPEATING) return false;
  const repeating = first.flatMap((cell, column) => {
    const below = new Set(others.map((record) => (record[column] ?? '').trim()));
    return below.size <= others.length / ROWS_OF_WORD ? [{ name: cell.trim(), below }] : [];
  });
  return repeating.length > 1 && repeating.every(({ name, below }) => name !== '' && !below.has(name));
}

/**
 * Whether the first line says how many rows and columns there are and then names the classes, as scikit-learn's files do (`150,4,setosa,versicolor,virginica`).
 */
export function countsRows(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  const [rows = '', columns = '', ...classes] = first.map((cell) => cell.trim());
  const width = others[0]?.length ?? 0;
  const isCount = /^\d+$/.test(rows) && /^\d+$/.test(columns) && Number(columns) === width - 1;
  return isCount && Number(rows) >= others.length && classes.length > 1 && classes.every((name) => /\p{L}/u.test(name));
}

/**
 * The names that two lines give together, where the second is no row: it has words where there are numbers below. The line that has more
 * different names says them; names that occur twice in both are joined, the upper ones standing for what is empty behind them.
 *
 * @returns undefined where the second line is a row
 */
export function secondHeader({ first, others, isNumber, spellsNumber }: FirstLines): readonly string[] | undefined {
  const [second, third] = others;
  if (!second || !third || second.length < first.length) return undefined;
  // A line drawn below the names.
  if (second.every((cell) => /^[-=_+:*]{2,}$/.test(cell.trim()))) return first.map((cell) => cell.trim());
  const isWord = (cell = ''): boolean => /[\p{L}%°]/u.test(cell) && !isMissing(cell) && !spellsNumber(cell);
  const numeric = [...second.keys()].filter(isNumber);
  const words = numeric.filter((column) => isWord(second[column]));
  if (
    words.length < 2 ||
    words.length <= numeric.length / 2 ||
    second.some((cell) => spellsNumber(cell) && !isMissing(cell))
  )
    return undefined;
  const [upper, lower] = [first, second].map((line) => line.map((cell) => cell.trim())) as [string[], string[]];
  const different = (line: readonly string[]): number => new Set(line.filter((cell) => cell !== '')).size;
  const isCode = upper.filter((cell) => cell !== '').every((cell) => /^[A-Za-z]{1,3}\d*$/.test(cell));
  if (different(lower) === lower.length && (isCode || different(upper) < upper.length)) return lower;
  if (different(upper) === upper.length) return upper;
  let above = '';
  return lower.map((cell, column) => {
    above = (upper[column] ?? '') || above;
    return `${above} ${cell}`.trim();
  });
}

/**
 * The names of the columns, `column 3` where there is none. A first line that is one cell shorter than the others lacks the name of the
 * row numbers, as R writes it, or the delimiter that ends every other line.
 * A name that occurs again has a number behind it, as pandas gives it one.
 */
export function headerNames({ first, others }: FirstLines, decode: (word: string) => string): HeaderNames {
  const width = mostFrequent(others.map(({ length }) => length)) ?? first.length;
  const endsEmpty = others.every((record) => record.length < width || (record[width - 1] ?? '').trim() === '');
  let cells = first.map((cell) => decode(cell).trim());
  // `# a,b,label` is how NumPy writes a header.
  cells[0] = (cells[0] ?? '').replace(/^#\s*/, '');
  if (cells.length === width - 1) cells = endsEmpty ? [...cells, ''] : ['', ...cells];
  if (cells.length === width + 1 && cells.at(-1) === '') cells = cells.slice(0, -1);
  if (cells.every((cell) => /^'.+'$/.test(cell))) cells = cells.map((cell) => cell.slice(1, -1));
  const unnamed = new Set(cells.flatMap((cell, column) => (cell === '' ? [column] : [])));
  const written = cells.map((cell, column) => cell || `column ${column + 1}`);
  const used = new Set(written);
  const repeated: string[] = [];
  const names = written.map((name, column) => {
    if (written.indexOf(name) === column) return name;
    let number = 1;
    while (used.has(`${name}.${number}`)) number++;
    used.add(`${name}.${number}`);
    repeated.push(`${name}.${number}`);
    return `${name}.${number}`;
  });
  return { names, unnamed, repeated };
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0];
}
