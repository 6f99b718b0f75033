import { BadInputError, type Problem } from '../../../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../../../findings/problems.ts';
import type { Column, Storage, Table } from '../column.ts';
import { exportProblems } from '../json/exportedRecords.ts';
import { targetRank } from '../targets/usualTargets.ts';
import { readMessyTexts } from '../messyColumns.ts';
import { flattenNested } from './nestedFields.ts';
import { isMissing } from '../numbers/parseNumber.ts';
import type { JsonRecord } from './readJsonLines.ts';

/** Places in a table, filled or not, that do no harm; and how many there may be for each that is filled. */
const HARMLESS_PLACES = 2 ** 22;
const LEAST_FILLED = 50;

type Cell = string | number | undefined;

/**
 * Rows of named values, as JSONL and Parquet have them, by column.
 *
 * @param unit what messages count
 * @throws BadInputError naming every column whose values are no cells
 */
export function recordsTable(
  file: string,
  nested: readonly JsonRecord[],
  storage: ReadonlyMap<string, Storage>,
  unit: 'Line' | 'Row' = 'Line',
): Table {
  const problems: Problem[] = [];
  const { records, notes } = flattenNested(file, nested, storage);
  const cells = new Map<string, Cell[]>();
  /** The first line in which a column has no cell. */
  const noCells = new Map<string, number>();
  records.forEach(({ line, fields }, row) => {
    for (const [name, value] of Object.entries(fields)) {
      let column = cells.get(name);
      if (!column) cells.set(name, (column = []));
      const cell = cellOf(value);
      if (cell !== null) column[row] = cell;
      else if (!noCells.has(name)) noCells.set(name, line);
    }
  });
  if (noCells.size > 0) refuseIfAny(exportProblems(file, [...cells.keys(), ...noCells.keys()], noCells.keys()));
  for (const [name, line] of noCells) {
    problems.push(
      pathProblem(
        `${unit} ${line} of ${file} has an array or object as '${name}'.`,
        `A column has numbers, texts, true, false or null, or lists of as many numbers in every row; {"${name}": "ignore"} in dataset.columns leaves it out.`,
      ),
    );
  }
  refuseIfAny(shortList(problems, 'lines'));
  refuseScattered(file, cells.size, records, unit);
  if (cells.size === 0)
    throw new BadInputError([pathProblem(`${file} has no columns.`, 'Every line needs at least two fields.')]);
  const columns = [...cells].map(([name, values]) =>
    columnOf(name, values, records, { file, unit, storage: storage.get(name) }, problems),
  );
  refuseIfAny(shortList(problems, 'cells'));
  const table: Table = {
    file,
    count: records.length,
    columns,
    lineOf: (row) => records[row]?.line ?? 0,
    remarks: [],
    notes,
  };
  return readMessyTexts(table, unit, storage);
}

/** Lines that have hardly a name in common are no table, and one of them would take any amount of time and memory. */
function refuseScattered(file: string, columns: number, records: readonly JsonRecord[], unit: 'Line' | 'Row'): void {
  const places = columns * records.length;
  if (places <= HARMLESS_PLACES) return;
  const found = records.reduce((sum, { fields }) => sum + Object.keys(fields).length, 0);
  if (places <= LEAST_FILLED * found) return;
  throw new BadInputError([
    pathProblem(
      `${file} has ${columns} different names of columns in ${records.length} ${unit.toLowerCase()}s, and most of them have none of the others' columns.`,
      'Every row has the same names; what is measured rarely goes into rows of its own.',
    ),
  ]);
}

/** Null for what is no cell. */
function cellOf(value: unknown): Cell | null {
  switch (typeof value) {
    case 'number':
    case 'string':
      return value;
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'undefined':
      return undefined;
    case 'object':
      if (value instanceof Date) return value.toISOString();
      return value === null ? undefined : null;
    case 'function':
    case 'symbol':
      return null;
  }
}

interface ColumnTarget {
  readonly file: string;
  readonly unit: 'Line' | 'Row';
  readonly storage: Storage | undefined;
}

function columnOf(
  name: string,
  cells: readonly Cell[],
  records: readonly JsonRecord[],
  { file, unit, storage }: ColumnTarget,
  problems: Problem[],
): Column {
  const count = records.length;
  const areNumbers = allNumbers(cells) || (targetRank(name) === undefined && allSpellNumbers(cells));
  if (storage !== 'words' && (storage === 'number' || areNumbers)) {
    const values = Float64Array.from({ length: count }, (_, row) => {
      const cell = cells[row];
      if (typeof cell === 'number') return cell;
      if (cell === undefined || isMissing(cell)) return NaN;
      const value = Number(cell);
      if (!Number.isFinite(value)) {
        problems.push(
          pathProblem(
            `${unit} ${records[row]?.line ?? 0} of ${file} has '${cell.slice(0, 40)}' in the column '${name}', which is no number.`,
            'Mend the value or leave it out.',
          ),
        );
      }
      return value;
    });
    return { kind: 'number', name, values };
  }
  const codeOf = new Map<string, number>();
  const codes = Int32Array.from({ length: count }, (_, row) => {
    const word = String(cells[row] ?? '');
    const known = codeOf.get(word) ?? codeOf.size;
    codeOf.set(word, known);
    return known;
  });
  return { kind: 'words', name, words: [...codeOf.keys()], codes };
}

/** A number as programs write it into a text, without zeros in front. */
const SPELLED = /^[+-]?(?:0|[1-9]\d{0,14})(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** True when cells are texts that are numbers, as some exports have them, and the others are missing. */
function allSpellNumbers(cells: readonly Cell[]): boolean {
  let found = false;
  for (const cell of cells) {
    if (typeof cell === 'number' || (cell !== undefined && SPELLED.test(cell))) found = true;
    else if (cell !== undefined && !isMissing(cell)) return false;
  }
  return found;
}

/** True when some cells are numbers and the others are missing. */
function allNumbers(cells: readonly Cell[]): boolean {
  let found = false;
  for (const cell of cells) {
    if (typeof cell === 'number') found = true;
    else if (cell !== undefined && !isMissing(cell)) return false;
  }
  return found;
}
