import type { Column } from './column.ts';
import { fitColumn, widthOf } from './encodeColumns.ts';
import type { Judgement } from './classifyColumn.ts';

/** A column of a table, and what it was taken for. */
export interface JudgedColumn {
  readonly column: Column;
  readonly judgement: Judgement;
}

/**
 * Columns that tell nothing, and would be left out, but that the teacher was trained with: with them, and not without, the samples have as many values as it
 * takes. Constant columns come first; columns that number the rows are only looked at where those alone do not do.
 *
 * @param width values that the teacher takes; undefined where that is not known
 * @returns none where the samples have that width without them; undefined where that does not explain it
 */
export function columnsForTeacher(
  columns: readonly JudgedColumn[],
  count: number,
  width: number | undefined,
): readonly Column[] | undefined {
  if (width === undefined) return undefined;
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const widthAmong = (chosen: readonly JudgedColumn[]): number =>
    chosen.reduce((sum, { column }) => sum + widthOf(fitColumn(column, rows, { scaled: false })), 0);
  const kept = columns.filter(({ judgement }) => judgement.kind === 'number' || judgement.kind === 'category');
  const lacking = width - widthAmong(kept);
  if (lacking === 0) return [];
  if (lacking < 0) return undefined;
  const numbers = columns.filter(({ column, judgement }) => judgement.kind === 'ignore' && column.kind === 'number');
  const constant = numbers.filter(({ judgement }) => judgement.kind === 'ignore' && judgement.isConstant === true);
  const chosen = [constant, numbers].find((some) => widthAmong(some) === lacking);
  return chosen?.map(({ column }) => column);
}
