import type { Column, Storage, Table, WordColumn } from '../column.ts';

/** The table of a class, and how it is read again with other kinds of columns. */
export interface TableOfClass {
  readonly table: Table;
  readonly label: string;
  readonly read: (storage: ReadonlyMap<string, Storage>) => Promise<Table>;
}

/**
 * The rows of tables with the same columns one after the other, with a column of the class that each is of. A column that holds words in one of them does in all.
 *
 * @param file what messages call it
 * @param name of the column of classes
 */
export async function joinRows(
  file: string,
  tables: readonly TableOfClass[],
  name: string,
  storage: ReadonlyMap<string, Storage>,
): Promise<Table> {
  const words = new Set(
    tables.flatMap(({ table }) => table.columns.filter(({ kind }) => kind === 'words').map((column) => column.name)),
  );
  const kept = new Map([...storage, ...[...words].map((each) => [each, 'words'] as const)]);
  const isMixed = tables.some(({ table }) =>
    table.columns.some((each) => each.kind === 'number' && words.has(each.name)),
  );
  const read = isMixed ? await Promise.all(tables.map((each) => each.read(kept))) : tables.map(({ table }) => table);
  const starts: number[] = [];
  let count = 0;
  for (const table of read) {
    starts.push(count);
    count += table.count;
  }
  const [first] = read;
  const columns = (first?.columns ?? []).map((column) =>
    column.kind === 'number' ? joinNumbers(column.name, read, count) : joinWords(column.name, read, count),
  );
  const label: WordColumn = {
    kind: 'words',
    name,
    words: tables.map((each) => each.label),
    codes: Int32Array.from(read.flatMap((table, at) => new Array<number>(table.count).fill(at))),
  };
  return {
    file,
    count,
    columns: [...columns.filter((column) => column.name !== name), label],
    lineOf: (row) => {
      const at = starts.findLastIndex((start) => start <= row);
      return read[at]?.lineOf(row - (starts[at] ?? 0)) ?? 1;
    },
    remarks: read.flatMap((table) => table.remarks),
    notes: read.flatMap((table) => table.notes ?? []),
  };
}

function columnOf(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

function joinNumbers(name: string, tables: readonly Table[], count: number): Column {
  const values = new Float64Array(count).fill(NaN);
  let start = 0;
  for (const table of tables) {
    const column = columnOf(table, name);
    if (column?.kind === 'number') values.set(column.values.subarray(0, table.count), start);
    start += table.count;
  }
  return { kind: 'number', name, values };
}

function joinWords(name: string, tables: readonly Table[], count: number): Column {
  const places = new Map<string, number>();
  const codes = new Int32Array(count);
  let row = 0;
  for (const table of tables) {
    const column = columnOf(table, name);
    for (let own = 0; own < table.count; own++) {
      const word = column?.kind === 'words' ? (column.words[column.codes[own] ?? 0] ?? '') : '';
      const place = places.get(word) ?? places.size;
      places.set(word, place);
      codes[row++] = place;
    }
  }
  return { kind: 'words', name, words: [...places.keys()], codes };
}
