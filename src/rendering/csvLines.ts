export type Cell = string | number | null | undefined;

/** Rows as comma-separated values (RFC 4180). What is not there, or no number, is empty. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map((cell) => quoted(written(cell))).join(',')}\r\n`).join('');
}

function written(cell: Cell): string {
  return cell === null || cell === undefined || Number.isNaN(cell) ? '' : String(cell);
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
