import { BadInputError, type Problem } from '../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../problems.ts';
import type { Column, Storage, Table } from './column.ts';
import { isMissing } from './parseNumber.ts';
import type { JsonRecord } from './readJsonLines.ts';

type Cell = string | number | undefined;

/**
 * Rows of named values, as JSONL and Parquet have them, by column.
 *
 * @param unit what messages count
 * @throws BadInputError naming every row whose values are no cells
 */
export function recordsTable(
  file: string,
  records: readonly JsonRecord[],
  storage: ReadonlyMap<string, Storage>,
  unit: 'Line' | 'Row' = 'Line',
): Table {
  const problems: Problem[] = [];
  const cells = new Map<string, Cell[]>();
  records.forEach(({ line, fields }, row) => {
    for (const [name, value] of Object.entries(fields)) {
      let column = cells.get(name);
      if (!column) cells.set(name, (column = []));
      const cell = cellOf(value);
      if (cell === null) {
        problems.push(
          pathProblem(
            `${unit} ${line} of ${file} has an array or object as '${name}'.`,
            'A column has numbers, texts, true, false or null.',
          ),
        );
      } else column[row] = cell;
    }
  });
  refuseIfAny(shortList(problems, 'lines'));
  if (cells.size === 0)
    throw new BadInputError([pathProblem(`${file} has no columns.`, 'Every line needs at least two fields.')]);
  const columns = [...cells].map(([name, values]) =>
    columnOf(name, values, records, { file, unit, storage: storage.get(name) }, problems),
  );
  refuseIfAny(shortList(problems, 'cells'));
  return {
    file,
    count: records.length,
    columns,
    lineOf: (row) => records[row]?.line ?? 0,
    remarks: [],
  };
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
  if (storage !== 'words' && (storage === 'number' || allNumbers(cells))) {
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

/** True when some cells are numbers and the others are missing. */
function allNumbers(cells: readonly Cell[]): boolean {
  let found = false;
  for (const cell of cells) {
    if (typeof cell === 'number') found = true;
    else if (cell !== undefined && !isMissing(cell)) return false;
  }
  return found;
}
