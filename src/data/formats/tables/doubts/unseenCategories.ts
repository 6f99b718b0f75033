import type { ColumnCode } from '../../../preparation.ts';
import { information, warning, type Finding } from '../../../findings/finding.ts';
import type { Table, WordColumn } from '../column.ts';
import { isBoolean } from '../encodeColumns.ts';
import { isMissingWord } from '../numbers/parseNumber.ts';

/** Share of a table's rows from which on it is told that they have none of several categories. */
const WORTH_TELLING = 0.05;

/** In how many rows of a table a column has each of its words, and in which line first. */
export interface WordRows {
  readonly file: string;
  /** Rows of the table. */
  readonly count: number;
  readonly words: readonly { readonly word: string; readonly rows: number; readonly line: number }[];
}

/**
 * Tells of rows with a value that the training split has not: they are none of its categories, and where two categories share one value of the sample, the
 * first of them.
 */
export function unseenCategories(codes: readonly ColumnCode[], tables: readonly Table[]): readonly Finding[] {
  return codes.flatMap((code) => {
    if (code.kind !== 'category') return [];
    const columns = tables.flatMap((table) => {
      const column = table.columns.find(({ name }) => name === code.name);
      return column?.kind === 'words' ? [wordRows(table, column)] : [];
    });
    return toldUnseen(code, columns);
  });
}

/** The same where it is known in how many rows of each table words are. */
export function toldUnseen(code: ColumnCode, tables: readonly WordRows[]): readonly Finding[] {
  if (code.kind !== 'category') return [];
  const known = new Set(code.categories);
  const isUnseen = (word: string): boolean => (isMissingWord(word) ? !code.missing : !known.has(word.trim()));
  return tables.flatMap(({ file, count, words }) => {
    const [first, ...others] = words
      .filter(({ word, rows }) => rows > 0 && isUnseen(word))
      .sort((one, other) => one.line - other.line);
    const rows = others.reduce((sum, each) => sum + each.rows, first?.rows ?? 0);
    const shared = isBoolean(code) ? code.categories[0] : undefined;
    if (!first || (shared === undefined && rows < WORTH_TELLING * count)) return [];
    const what = `${rows} of ${count} rows of ${file} have a value of '${code.name}' that no sample to train with has, '${first.word.trim()}' (line ${first.line}) first;`;
    const where = `dataset.columns.${code.name}`;
    if (shared === undefined) return [information(where, `${what} they are none of its categories.`)];
    return [warning(where, `${what} they count as '${shared}'.`, 'Have every value among the training samples.')];
  });
}

function wordRows(table: Table, { words, codes }: WordColumn): WordRows {
  const rows = new Int32Array(words.length);
  const first = new Int32Array(words.length);
  for (let row = table.count - 1; row >= 0; row--) {
    const code = codes[row] ?? 0;
    rows[code] = (rows[code] ?? 0) + 1;
    first[code] = row;
  }
  return {
    file: table.file,
    count: table.count,
    words: words.map((word, code) => ({
      word,
      rows: rows[code] ?? 0,
      line: rows[code] === 0 ? 0 : table.lineOf(first[code] ?? 0),
    })),
  };
}
