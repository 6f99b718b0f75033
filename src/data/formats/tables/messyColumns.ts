import type { Problem } from '../../../errors.ts';
import { refuseIfAny, shortList } from '../../findings/problems.ts';
import { lacksValue, type Column, type Storage, type Table } from './column.ts';
import { numbersInLists } from './reading/numbersInLists.ts';
import { readNumbersInWords } from './reading/numbersInWords.ts';
import type { OpeningLines } from './reading/openingLines.ts';

/**
 * The table with columns of words that are numbers for the most part as numbers, and without columns that have neither name nor value, as a delimiter at the
 * end of every line makes one.
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
  const remarks = [...table.remarks];
  const notes = [...(table.notes ?? [])];
  const columns: Column[] = [];
  table.columns.forEach((column, index) => {
    const asked = storage.get(column.name);
    if (asked === undefined && unnamed.has(index) && index > 0 && isEmpty(column, table.count)) {
      notes.push(`Column ${index + 1} of ${table.file} has neither a name nor a value, and is left out.`);
      return;
    }
    if (column.kind === 'number' || asked === 'words') {
      columns.push(column);
      return;
    }
    const read = readNumbersInWords(column, {
      file: table.file,
      count: table.count,
      lineOf: (row) => table.lineOf(row),
      unit: 'Line',
      decimalComma,
      doubtfulComma: String.fromCharCode(dialect.delimiter) === ';' ? 'decimal' : 'thousands',
      mustBeNumbers: asked === 'number',
    });
    const lists =
      read.column.kind === 'words' && asked === undefined
        ? numbersInLists(read.column, table.count, problems)
        : undefined;
    if (lists) {
      columns.push(...lists);
      notes.push(
        `The cells of the column '${column.name}' of ${table.file} are lists of ${lists.length} numbers, which are columns of their own: '${lists[0]?.name ?? ''}' and so on.`,
      );
      return;
    }
    columns.push(read.column);
    remarks.push(...read.remarks);
    notes.push(...read.notes);
    problems.push(...read.problems);
  });
  refuseIfAny(shortList(problems, 'cells'));
  return { ...table, columns, remarks, notes };
}

function isEmpty(column: Column, count: number): boolean {
  for (let row = 0; row < count; row++) if (!lacksValue(column, row)) return false;
  return true;
}
