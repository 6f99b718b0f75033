import type { Problem } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { Column, NumberColumn, Table, WordColumn } from '../column.ts';

/** A cell of a column of numbers is none, though no other cell like it was seen. */
export function notANumber(file: string, line: number, cell: string, column: string): Problem {
  return pathProblem(
    `Line ${line} of ${file} has '${cell.slice(0, 40)}' in the column '${column}', which is no number.`,
    `Mend the cell or leave it empty; with 'category' or 'ignore' in dataset.columns the column is not taken for numbers.`,
  );
}

/**
 * Rows with words as the numbers that they were found to be. Adds to `problems` what is no number.
 *
 * @param sampled the columns of the sample, in the order of those of the rows
 */
export function numbersAsSampled(rows: Table, sampled: readonly Column[], problems: Problem[]): Table {
  const columns = rows.columns.map((column, at): Column => {
    const model = sampled[at];
    if (column.kind === 'number' || model?.kind !== 'number') return column;
    return readNumbers(rows, column, model, problems);
  });
  return { ...rows, columns };
}

function readNumbers(
  rows: Table,
  { name, words, codes }: WordColumn,
  model: NumberColumn,
  problems: Problem[],
): Column {
  const { numberOf = Number } = model;
  const values = words.map((word, code) => {
    const value = numberOf(word);
    if (value === undefined || (Number.isNaN(value) && model.numberOf === undefined && word.trim() !== '')) {
      const row = codes.subarray(0, rows.count).indexOf(code);
      if (row >= 0) problems.push(notANumber(rows.file, rows.lineOf(row), word, name));
      return NaN;
    }
    return value;
  });
  return {
    kind: 'number',
    name,
    values: Float64Array.from({ length: rows.count }, (_, row) => values[codes[row] ?? 0] ?? NaN),
  };
}
