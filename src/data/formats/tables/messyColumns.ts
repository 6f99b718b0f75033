import type { Problem } from '../../../errors.ts';
import { refuseIfAny, shortList } from '../../findings/problems.ts';
import { lacksValue, type Column, type Storage, type Table, type WordColumn } from './column.ts';
import { numbersInLists } from './numbers/numbersInLists.ts';
import { readNumbersInWords, type ReadColumn, type WordsPlace } from './numbers/numbersInWords.ts';
import type { OpeningLines } from './reading/openingLines.ts';
import { readDurations } from './times/readDurations.ts';

/**
 * The table with columns of words that are numbers for the most part, or durations, as numbers, and without columns that have neither name nor value, as a
 * delimiter at the end of every line makes one.
 *
 * @param storage columns that must be kept as they are asked for
 * @throws BadInputError naming the cells that are no numbers
 */
export function readMessyColumns(
  table: Table,
  { dialect, unnamed, decimalComma }: Pick<OpeningLines, 'dialect' | 'unnamed' | 'decimalComma'>,
  storage: ReadonlyMap<string, Storage>,
): Table {
  const problems: Problem[] = [];
  const notes: string[] = [];
  const kept = table.columns.filter((column, index) => {
    const isNothing = !storage.has(column.name) && unnamed.has(index) && index > 0 && isEmpty(column, table.count);
    if (isNothing) notes.push(`Column ${index + 1} of ${table.file} has neither a name nor a value, and is left out.`);
    return !isNothing;
  });
  const form = {
    unit: 'Line',
    decimalComma,
    doubtfulComma: String.fromCharCode(dialect.delimiter) === ';' ? 'decimal' : 'thousands',
  } as const;
  const read = kept.map((column) => readMessy(column, table, form, storage, problems));
  refuseIfAny(shortList(problems, 'cells'));
  return withRead(table, read, notes);
}

/**
 * The same of a table whose file tells numbers from texts (JSON, Parquet, a database), where texts are numbers with a unit or currency, durations, or pairs.
 * Nothing is refused: what is no number is a text.
 */
export function readMessyTexts(table: Table, unit: WordsPlace['unit'], storage: ReadonlyMap<string, Storage>): Table {
  const form = { unit, decimalComma: undefined, doubtfulComma: 'thousands' } as const;
  const read = table.columns.map((column) => {
    // Texts that spell plain numbers, or lists, are kept by whoever made the table.
    if (column.kind === 'number' || column.words.some((word) => PLAIN_OR_LIST.test(word))) return asItIs(column);
    const problems: Problem[] = [];
    const found = readMessy(column, table, form, storage, problems);
    return problems.length > 0 ? asItIs(column) : found;
  });
  return withRead(table, read, []);
}

const PLAIN_OR_LIST = /^\s*(?:[+-]?\d+(?:\.\d+)?\s*$|[[(])/;

interface ReadColumns extends Omit<ReadColumn, 'column' | 'problems'> {
  readonly columns: readonly Column[];
}

function withRead(table: Table, read: readonly ReadColumns[], notes: readonly string[]): Table {
  return {
    ...table,
    columns: read.flatMap(({ columns }) => columns),
    remarks: [...table.remarks, ...read.flatMap(({ remarks }) => remarks)],
    notes: [...(table.notes ?? []), ...notes, ...read.flatMap((each) => each.notes)],
  };
}

function asItIs(column: Column): ReadColumns {
  return { columns: [column], remarks: [], notes: [] };
}

function readMessy(
  column: Column,
  table: Table,
  form: Pick<WordsPlace, 'unit' | 'decimalComma' | 'doubtfulComma'>,
  storage: ReadonlyMap<string, Storage>,
  problems: Problem[],
): ReadColumns {
  const asked = storage.get(column.name);
  if (column.kind === 'number' || asked === 'words') return asItIs(column);
  const place = {
    ...form,
    file: table.file,
    count: table.count,
    lineOf: (row: number) => table.lineOf(row),
    mustBeNumbers: asked === 'number',
  };
  const {
    column: found,
    remarks,
    notes,
    problems: damaged,
  } = readDurations(column, place) ?? readNumbersInWords(column, place);
  problems.push(...damaged);
  const lists = found.kind === 'words' && asked === undefined ? readLists(found, table, storage, problems) : undefined;
  return lists ?? { columns: [found], remarks, notes };
}

function readLists(
  column: WordColumn,
  { file, count }: Table,
  storage: ReadonlyMap<string, Storage>,
  problems: Problem[],
): ReadColumns | undefined {
  const { name } = column;
  const columns = numbersInLists(column, count, storage.has(`${name}[0]`), problems);
  if (!columns) return undefined;
  const [first, second] = columns;
  const note = !second
    ? `The cells of the column '${name}' of ${file} are pairs with the same second number, and are read as the first.`
    : `The cells of the column '${name}' of ${file} are lists of ${columns.length} numbers, which are columns of their own: '${first?.name ?? ''}' and so on.`;
  return { columns, remarks: [], notes: [note] };
}

function isEmpty(column: Column, count: number): boolean {
  for (let row = 0; row < count; row++) if (!lacksValue(column, row)) return false;
  return true;
}
