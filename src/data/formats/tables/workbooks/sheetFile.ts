import { closeSync, openSync, writeSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A cell of a sheet as it is written to text; undefined where nothing is. */
export type SheetCell = string | undefined;

const FLUSH_AT = 2 ** 20;

/** A sheet that is written as delimited text, a line for every row, so that it is read as such text is. */
export class SheetFile {
  readonly name: string;
  readonly path: string;
  /** Rows with two cells or more. */
  rows = 0;
  /** Cells of the widest row. */
  width = 0;
  /** Formulas whose value is not stored, and cells that say that computing one failed. */
  uncomputed = 0;
  failed = 0;
  merged = 0;
  /** Rows below the table and an empty one, which are left out. */
  footnotes = 0;
  readonly #file: number;
  readonly #widths: number[] = [];
  #firstWide = Infinity;
  #text = '';
  #line = 0;

  /** @param file the name that messages call it by */
  constructor(name: string, folder: string, file: string) {
    this.name = name;
    this.path = join(folder, file);
    this.#file = openSync(this.path, 'w');
  }

  /** Counts a place where cells are merged, unless it is in a title. @param row its first row, from 1 */
  countMerged(row: number): void {
    if (row > this.#firstWide) this.merged++;
  }

  /** @param row its number, from 1; rows come in order, and those between are empty */
  put(row: number, cells: readonly SheetCell[]): void {
    let width = cells.length;
    while (width > 0 && (cells[width - 1] ?? '') === '') width--;
    if (width === 0) return;
    for (; this.#line < row - 1; this.#line++) {
      this.#text += '\n';
      this.#widths.push(0);
    }
    this.#widths.push(width);
    if (width > 1) this.#firstWide = Math.min(this.#firstWide, row - 1);
    this.#text += `${cells.slice(0, width).map(quoted).join(',')}\n`;
    this.#line++;
    this.width = Math.max(this.width, width);
    if (cells.filter((cell) => (cell ?? '') !== '').length > 1) this.rows++;
    if (this.#text.length > FLUSH_AT) this.#flush();
  }

  /** Writes what is left. All rows but titles become as wide as the widest: what is empty at the end of a row is not stored. */
  async close(): Promise<void> {
    this.#flush();
    closeSync(this.#file);
    const end = this.#endOfTable();
    if (end === this.#widths.length && this.#widths.every((width, row) => this.#isEven(width, row))) return;
    this.footnotes = this.#widths.slice(end).filter((width) => width > 0).length;
    const lines = (await readFile(this.path, 'latin1')).split('\n').slice(0, end);
    const even = lines.map((line, row) => {
      const width = this.#widths[row] ?? 0;
      return width <= 1 && !(width === 1 && this.#afterTable(row)) ? line : line + ','.repeat(this.width - width);
    });
    await writeFile(this.path, `${even.join('\n')}\n`, 'latin1');
  }

  #isEven(width: number, row: number): boolean {
    return width === this.width || width === 0 || (width === 1 && !this.#afterTable(row));
  }

  /** The row behind the last one of the table: rows of one cell that follow it and an empty row are notes. */
  #endOfTable(): number {
    const last = this.#widths.findLastIndex((width) => width > 1);
    return last >= 0 && this.width > 1 && this.#widths[last + 1] === 0 ? last + 1 : this.#widths.length;
  }

  /** Whether a row of one cell stands below one of several, so that it is no title. */
  #afterTable(row: number): boolean {
    return row > this.#firstWide;
  }

  #flush(): void {
    writeSync(this.#file, this.#text);
    this.#text = '';
  }
}

/** Line ends in cells become spaces, so that lines are rows. */
function quoted(cell: SheetCell): string {
  const text = (cell ?? '').replace(/\s*[\r\n]+\s*/g, ' ');
  return /[",;\t|]|^\s|\s$|^#|^sep=/i.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
