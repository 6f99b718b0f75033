import { sourceOf, type Column, type NumberColumn, type Storage, type Table } from './column.ts';
import type { TableReader } from './reading/tableReader.ts';

/**
 * Reads the table of another split as that of the training split was read: its numbers are written as they are there, such as 4:33 for minutes and seconds. Where
 * some are not, the table tells by itself how its numbers are written.
 */
export async function readLike(training: Table, read: TableReader): Promise<Table> {
  return namedLike(training, await writtenLike(training, read));
}

/** The table with its columns called as those of the training split are, where they differ in nothing but capitals and blanks. */
function namedLike(training: Table, table: Table): Table {
  const names = new Set(table.columns.map(({ name }) => name));
  const lacked = training.columns.filter(({ name }) => !names.has(name));
  const known = new Set(training.columns.map(({ name }) => name));
  const own = table.columns.filter(({ name }) => !known.has(name));
  const renamed = new Map<Column, string>();
  for (const { name } of lacked) {
    const [alike, another] = own.filter((column) => plain(column.name) === plain(name));
    if (alike && !another && !renamed.has(alike)) renamed.set(alike, name);
  }
  const [first] = renamed;
  if (!first) return table;
  const note = `${table.file} writes names of ${renamed.size} columns otherwise than ${training.file}, such as '${first[0].name}' for '${first[1]}'; they are taken for the same.`;
  return {
    ...table,
    columns: table.columns.map((column) => ({ ...column, name: renamed.get(column) ?? column.name })),
    notes: [...(table.notes ?? []), note],
  };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}

async function writtenLike(training: Table, read: TableReader): Promise<Table> {
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
