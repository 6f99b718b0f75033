import type { Table } from '../column.ts';
import { selectRows } from '../labelledRows.ts';

/** The table without rows that hold nothing but the names of the columns, as files that were put one behind the other have them. */
export function withoutRepeatedNames(table: Table): Table {
  const codes: number[] = [];
  for (const column of table.columns) {
    const code = column.kind === 'words' ? column.words.findIndex((word) => word.trim() === column.name) : -1;
    if (code < 0) return table;
    codes.push(code);
  }
  const isOfNames = (row: number): boolean =>
    table.columns.every((column, at) => column.kind === 'words' && column.codes[row] === codes[at]);
  const rows = Array.from({ length: table.count }, (_, row) => row);
  const kept = rows.filter((row) => !isOfNames(row));
  if (kept.length === table.count || kept.length === 0) return table;
  const first = table.lineOf(rows.find(isOfNames) ?? 0);
  const note = `${table.file} names its columns again in ${table.count - kept.length} lines, line ${first} first, which are no rows.`;
  return { ...selectRows(table, kept), notes: [...(table.notes ?? []), note] };
}
