import { sourceOf, type Column, type NumberColumn, type Storage, type Table } from './column.ts';
import type { TableReader } from './reading/tableReader.ts';

/**
 * Reads the table of another split as that of the training split was read: its numbers are written as they are there, such as 4:33 for minutes and seconds. Where
 * some are not, the table tells by itself how its numbers are written.
 */
export async function readLike(training: Table, read: TableReader): Promise<Table> {
  const models = training.columns;
  const asTraining = models.map(({ name, kind }) => [name, kind] as const);
  const styled = models.filter(isStyled).map((model) => [sourceOf(model), 'words'] as const);
  if (styled.length === 0) return read(new Map(asTraining));
  const table = await read(new Map<string, Storage>([...asTraining, ...styled]));
  const columns = table.columns.flatMap((column) => {
    const own = models.filter(isStyled).filter((model) => sourceOf(model) === column.name);
    return own.length === 0 ? [column] : own.map((model) => numbersLike(column, model, table.count));
  });
  return columns.some((column) => column === undefined)
    ? read(new Map(asTraining))
    : { ...table, columns: columns.filter((column) => column !== undefined) };
}

/** A column whose numbers are not written as usual. */
interface StyledColumn extends NumberColumn {
  readonly numberOf: (cell: string) => number | undefined;
}

function isStyled(column: Column): column is StyledColumn {
  return column.kind === 'number' && column.numberOf !== undefined;
}

/** A column of words as the numbers that another was read as; undefined where a word is none there. */
function numbersLike(column: Column, { name, of, numberOf }: StyledColumn, count: number): Column | undefined {
  if (column.kind === 'number') return column;
  const found = column.words.map((word) => numberOf(word));
  if (found.some((value) => value === undefined)) return undefined;
  const values = Float64Array.from({ length: count }, (_, row) => found[column.codes[row] ?? 0] ?? NaN);
  return { kind: 'number', name, values, of, numberOf };
}
