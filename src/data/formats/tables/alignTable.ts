import { BadInputError } from '../../../errors.ts';
import { pathProblem } from '../../findings/problems.ts';
import type { Column, Table } from './column.ts';

/**
 * Checks that a table of another split has the columns that the training table was understood by.
 *
 * @throws BadInputError naming the columns that are missing
 */
export function checkColumns(table: Table, training: Table, wanted: readonly Column[]): void {
  const problems = wanted
    .filter(({ name }) => !table.columns.some((column) => column.name === name))
    .map(({ name }) =>
      pathProblem(
        `${table.file} lacks the column '${name}' that ${training.file} has.`,
        'Every split must have the same columns.',
      ),
    );
  if (problems.length > 0) throw new BadInputError(problems);
}
