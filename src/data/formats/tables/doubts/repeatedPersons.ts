import { warning, type Finding } from '../../../findings/finding.ts';
import { lacksValue, type Column, type Table } from '../column.ts';

/** Names of columns that say from whom, or from which occasion, a row is. */
const OF_WHOM =
  /^(?:patient|subject|participant|person|individual|user|speaker|session|student|household|driver|animal)s?(?:[-_ #]*(?:id|no|nr|num|number|code))?[#.]?$/i;
/** Fewer of them are rather kinds than persons. */
const FEWEST = 5;

/**
 * The columns that say of whom rows are.
 * @param taken columns that are predicted
 */
export function personColumns({ columns }: Table, taken: readonly Column[]): readonly Column[] {
  return columns.filter((column) => OF_WHOM.test(column.name) && !taken.includes(column));
}

/**
 * Warns where several rows are of one person and splits are drawn row by row: what is learned of somebody then helps with the test's rows of the same.
 * @param taken columns that are predicted
 */
export function repeatedPersons(table: Table, taken: readonly Column[]): readonly Finding[] {
  return personColumns(table, taken).flatMap((column) => {
    const keys = column.kind === 'number' ? column.values : column.codes;
    return toldPersons(column.name, new Set(keys.subarray(0, table.count)).size, table.count);
  });
}

/**
 * Warns where splits that the data bring have rows of the same persons on both sides.
 * @param taken columns that are predicted
 */
export function sharedPersons(training: Table, test: Table | undefined, taken: readonly Column[]): readonly Finding[] {
  return personColumns(training, taken).flatMap((column) => {
    const other = test?.columns.find(({ name }) => name === column.name);
    if (!test || !other) return [];
    const learned = personsOf(column, training.count);
    const judged = personsOf(other, test.count);
    const shared = [...judged].filter((person) => learned.has(person)).length;
    if (learned.size < FEWEST || learned.size > training.count / 2 || shared === 0) return [];
    return [
      warning(
        'dataset.split',
        `${shared} of ${judged.size} different '${column.name}' of the test split are in the training split too, which makes the test too easy.`,
        'Divide the data so that all rows of one are in one split, or give them in one file and name the column as "group" in dataset.split.',
      ),
    ];
  });
}

function personsOf(column: Column, count: number): ReadonlySet<string> {
  const persons = new Set<string>();
  for (let row = 0; row < count; row++) {
    if (lacksValue(column, row)) continue;
    persons.add(
      column.kind === 'number' ? String(column.values[row]) : (column.words[column.codes[row] ?? 0] ?? '').trim(),
    );
  }
  return persons;
}

/** The same where it is known how many different persons the rows of a table are of. */
export function toldPersons(name: string, different: number, rows: number): readonly Finding[] {
  if (different < FEWEST || different > rows / 2) return [];
  return [
    warning(
      'dataset.split',
      `The ${rows} rows are of ${different} different '${name}', and rows of the same may be in several splits, which makes the test too easy.`,
      `Set dataset.split to {"group": "${name}"} to keep them together.`,
    ),
  ];
}
