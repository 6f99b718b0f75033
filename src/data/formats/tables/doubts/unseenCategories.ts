import type { ColumnCode } from '../../../preparation.ts';
import { information, warning, type Finding } from '../../../findings/finding.ts';
import type { Table } from '../column.ts';
import { isBoolean } from '../encodeColumns.ts';
import { isMissingWord } from '../reading/parseNumber.ts';

/** Share of a table's rows from which on it is told that they have none of several categories. */
const WORTH_TELLING = 0.05;

/**
 * Tells of rows with a value that the training split has not: they are none of its categories, and where two categories share one value of the sample, the
 * first of them.
 */
export function unseenCategories(codes: readonly ColumnCode[], tables: readonly Table[]): readonly Finding[] {
  return codes.flatMap((code) => {
    if (code.kind !== 'category') return [];
    const known = new Set(code.categories);
    const isUnseen = (word: string): boolean => (isMissingWord(word) ? !code.missing : !known.has(word.trim()));
    return tables.flatMap((table) => {
      const column = table.columns.find(({ name }) => name === code.name);
      if (column?.kind !== 'words') return [];
      const unseen = column.words.map(isUnseen);
      let rows = 0;
      let first = -1;
      for (let row = 0; row < table.count; row++) {
        if (unseen[column.codes[row] ?? 0] !== true) continue;
        if (first < 0) first = row;
        rows++;
      }
      const shared = isBoolean(code) ? code.categories[0] : undefined;
      if (rows === 0 || (shared === undefined && rows < WORTH_TELLING * table.count)) return [];
      const word = (column.words[column.codes[first] ?? 0] ?? '').trim();
      const what = `${rows} of ${table.count} rows of ${table.file} have a value of '${code.name}' that no sample to train with has, '${word}' (line ${table.lineOf(first)}) first;`;
      const where = `dataset.columns.${code.name}`;
      if (shared === undefined) return [information(where, `${what} they are none of its categories.`)];
      return [warning(where, `${what} they count as '${shared}'.`, 'Have every value among the training samples.')];
    });
  });
}
