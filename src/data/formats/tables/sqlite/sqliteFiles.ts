import { readFile, stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename } from 'node:path';
import type { Database, SqlValue } from 'sql.js';
import { BadInputError, DistilleryError, messageOf } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { SPLIT_NAMES, type SplitName } from '../../splitNames.ts';
import type { FileTables, TableKind } from '../reading/tableKind.ts';
import type { TableReader } from '../reading/tableReader.ts';
import { typedRowsTable, type TypedRows } from '../reading/typedRows.ts';

/** What the library's types lack. */
interface WholeNumbers {
  get(parameters: null, options: { readonly useBigInt: true }): readonly (SqlValue | bigint)[];
}

/** A database is read into memory as a whole. */
const SHARE_OF_MEMORY = 0.25;
const MOST_ROWS = 2 ** 25;
const QUERY = /^\s*(?:select|with|values)\b/i;

/** Databases of SQLite: a table or view, or what a query gives. */
export const sqliteFiles: TableKind = {
  format: 'SQLite',
  ending: /\.(?:sqlite3?|db3?|s3db|gpkg)$/i,
  beginsAs: (beginning) => beginning.toString('latin1', 0, 16) === 'SQLite format 3\0',
  open: async (path, wanted) => {
    const file = basename(path);
    try {
      const database = await openDatabase(path, file);
      try {
        return tablesOf(database, file, wanted, await pendingChanges(path, file));
      } finally {
        database.close();
      }
    } catch (error) {
      if (error instanceof DistilleryError) throw error;
      throw new BadInputError([
        pathProblem(
          `${file} cannot be read as an SQLite database: ${messageOf(error)}.`,
          'Check it with the sqlite3 program (PRAGMA integrity_check).',
        ),
      ]);
    }
  },
};

async function openDatabase(path: string, file: string): Promise<Database> {
  const { size } = await stat(path);
  if (size > SHARE_OF_MEMORY * totalmem()) {
    throw new BadInputError([
      pathProblem(
        `${file} has ${Math.ceil(size / 2 ** 20)} MiB, more than a quarter of the memory, and is read as a whole.`,
        'Export the table: sqlite3 -csv -header FILE "SELECT …" > data.csv.',
      ),
    ]);
  }
  const { default: initialize } = await import('sql.js');
  const { Database } = await initialize();
  return new Database(await readFile(path));
}

/** What another program has not written into the file itself yet. */
async function pendingChanges(path: string, file: string): Promise<readonly string[]> {
  const log = await stat(`${path}-wal`).catch(() => undefined);
  return log && log.size > 0
    ? [
        `${file}-wal holds changes that are not in ${file} yet, and that are not read; close the program that writes it.`,
      ]
    : [];
}

function tablesOf(
  database: Database,
  file: string,
  wanted: string | undefined,
  remarks: readonly string[],
): FileTables {
  const found = database.exec(
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name",
  );
  const names = (found[0]?.values ?? []).map(([name]) => String(name));
  const rowsOf = (name: string): TypedRows => read(database, file, `SELECT * FROM "${name.replaceAll('"', '""')}"`);
  const reader = (rows: TypedRows, notes: readonly string[]): TableReader => {
    return (storage) =>
      Promise.resolve().then(() => {
        const table = typedRowsTable(rows, storage);
        return { ...table, remarks: [...remarks, ...table.remarks], notes: [...notes, ...(table.notes ?? [])] };
      });
  };
  if (wanted !== undefined && QUERY.test(wanted)) return { training: reader(query(database, file, wanted), []) };
  if (wanted !== undefined) {
    const name =
      names.find((each) => each === wanted) ?? names.find((each) => each.toLowerCase() === wanted.toLowerCase());
    if (name === undefined) {
      throw new BadInputError([
        { where: 'dataset.table', message: `${file} has no table '${wanted}'.`, hint: `It has ${listed(names)}.` },
      ]);
    }
    return { training: reader(rowsOf(name), []) };
  }
  const split = (name: SplitName): string | undefined =>
    names.find((each) => (SPLIT_NAMES[name] as readonly string[]).includes(each.toLowerCase()));
  const training = split('training');
  if (training !== undefined) {
    const [validation, test] = [split('validation'), split('test')];
    return {
      training: reader(rowsOf(training), [`The tables of ${file} are its splits: ${listed(names)}.`]),
      validation: validation === undefined ? undefined : reader(rowsOf(validation), []),
      test: test === undefined ? undefined : reader(rowsOf(test), []),
    };
  }
  const [only, second] = names;
  if (only === undefined)
    throw new BadInputError([pathProblem(`${file} has no tables.`, 'It needs one with the samples.')]);
  if (second !== undefined) {
    throw new BadInputError([
      pathProblem(
        `${file} has ${names.length} tables: ${listed(names)}.`,
        'Say in dataset.table which one is meant, or write a query there that begins with SELECT.',
      ),
    ]);
  }
  return { training: reader(rowsOf(only), [`The table '${only}' of ${file} is read, the only one.`]) };
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}` || 'none';
}

/** What a query of a person gives. @throws BadInputError when it is wrong */
function query(database: Database, file: string, text: string): TypedRows {
  try {
    return read(database, file, text);
  } catch (error) {
    if (error instanceof DistilleryError) throw error;
    throw new BadInputError([
      {
        where: 'dataset.table',
        message: `The query is refused: ${messageOf(error)}.`,
        hint: `Try it with sqlite3 ${file}.`,
      },
    ]);
  }
}

function read(database: Database, file: string, text: string): TypedRows {
  const statement = database.prepare(text);
  try {
    const names = statement.getColumnNames();
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new BadInputError([
        {
          where: 'dataset.table',
          message: `The query gives two columns called '${twice}'.`,
          hint: 'Name one of them with AS.',
        },
      ]);
    }
    const rows: Record<string, unknown>[] = [];
    while (statement.step()) {
      if (rows.length === MOST_ROWS) {
        throw new BadInputError([
          pathProblem(`${file} gives more than ${MOST_ROWS} rows.`, 'Write a query with LIMIT in dataset.table.'),
        ]);
      }
      const values = (statement as unknown as WholeNumbers).get(null, { useBigInt: true });
      rows.push(Object.fromEntries(names.map((name, column) => [name, valueOf(values[column])])));
    }
    if (rows.length === 0)
      throw new BadInputError([pathProblem(`${file} gives no rows.`, 'A row is needed for every sample.')]);
    return { file, rows, huggingFace: undefined };
  } finally {
    statement.free();
  }
}

/** Whole numbers that the language cannot hold stay as they are written; bytes are taken for an image. */
function valueOf(value: SqlValue | bigint | undefined): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return { bytes: value };
  return value ?? undefined;
}
