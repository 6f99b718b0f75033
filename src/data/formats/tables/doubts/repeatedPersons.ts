import { warning, type Finding } from '../../../findings/finding.ts';
import type { Column, Table } from '../column.ts';

/** Names of columns that say from whom, or from which occasion, a row is. */
const OF_WHOM =
  /^(?:patient|subject|participant|person|individual|user|speaker|session|student|household|driver|animal)s?(?:[-_ #]*(?:id|no|nr|num|number|code))?[#.]?$/i;
/** Fewer of them are rather kinds than persons. */
const FEWEST = 5;

/**
 * Warns where several rows are of one person and splits are drawn row by row: what is learned of somebody then helps with the test's rows of the same.
 * @param taken columns that are predicted
 */
export function repeatedPersons(table: Table, taken: readonly Column[]): readonly Finding[] {
  return table.columns.flatMap((column) => {
    if (!OF_WHOM.test(column.name) || taken.includes(column)) return [];
    const keys = column.kind === 'number' ? column.values : column.codes;
    const different = new Set(keys.subarray(0, table.count)).size;
    if (different < FEWEST || different > table.count / 2) return [];
    return [
      warning(
        'dataset.split',
        `The ${table.count} rows are of ${different} different '${column.name}', and rows of the same may be in several splits, which makes the test too easy.`,
        `Set dataset.split to {"group": "${column.name}"} to keep them together.`,
      ),
    ];
  });
}
