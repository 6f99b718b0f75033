import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { BadInputError, messageOf } from '../../../../errors.ts';
import { runWatched } from '../../../../platform/processes/watchedProgram.ts';
import { throwIfCancelled } from '../../../cancellation.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { ParquetMessage } from './parquetMessages.ts';
import type { ShardedTable } from '../reading/shards.ts';
import { refuseOtherColumns, type TypedRows } from '../reading/typedRows.ts';

/** Megabytes of objects that reading may take: always, and for each megabyte of the file. */
const HEAP = { least: 192, perMegabyte: 64 } as const;
/** Megabytes beside the objects: the program, and pages of the file. */
const BESIDE = { least: 192, perMegabyte: 110 } as const;

type Outcome = Extract<ParquetMessage, { kind: 'done' | 'refused' | 'size' }>;
type Row = Readonly<Record<string, unknown>>;

/**
 * Reads the rows of a Parquet file, or of several that are one table, in a process of its own, which is ended when it takes more time or
 * memory than such a file needs.
 *
 * @throws BadInputError when a file cannot be read, or the reader gets nowhere with it
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function readParquetRows(table: ShardedTable, signal: AbortSignal | undefined): Promise<TypedRows> {
  const rows: Row[] = [];
  const huggingFace = await eachParquetRow(table, (row) => rows.push(row), signal);
  return { file: table.name, rows, huggingFace };
}

/**
 * Gives the rows one after the other; the process holds one group of them at a time.
 *
 * @returns what the Hugging Face library wrote about the columns
 * @throws BadInputError as `readParquetRows` does, and whatever `take` throws
 */
export async function eachParquetRow(
  { paths }: ShardedTable,
  take: (row: Row) => void,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  let huggingFace: string | undefined;
  let names: readonly string[] | undefined;
  for (const path of paths) {
    const file = basename(path);
    let own: readonly string[] | undefined;
    let refusal: unknown;
    const outcome = await outcomeOf({ path, args: [] }, signal, (row) => {
      if (!own) {
        own = Object.keys(row);
        refuseOtherColumns(file, names, own);
        names ??= own;
      }
      take(row);
    }).catch((error: unknown) => {
      refusal = error;
      return undefined;
    });
    if (!outcome) throw refusal;
    if (outcome.kind === 'done') huggingFace ??= outcome.huggingFace;
  }
  return huggingFace;
}

/**
 * How many rows and columns there are.
 *
 * @throws BadInputError as `readParquetRows` does
 */
export async function sizeOfParquet(
  { paths }: ShardedTable,
  signal: AbortSignal | undefined,
): Promise<{ readonly rows: number; readonly columns: number }> {
  let [rows, columns] = [0, 0];
  for (const path of paths) {
    const outcome = await outcomeOf({ path, args: ['--size'] }, signal, () => undefined);
    if (outcome.kind !== 'size') continue;
    rows += outcome.rows;
    columns = Math.max(columns, outcome.columns);
  }
  return { rows, columns };
}

async function outcomeOf(
  asked: { readonly path: string; readonly args: readonly string[] },
  signal: AbortSignal | undefined,
  take: (row: Row) => void,
): Promise<Outcome> {
  throwIfCancelled(signal);
  // Thrown where a message is heard, it would be nobody's.
  let thrown: { readonly error: unknown } | undefined;
  const outcome = await readInProcess(asked, signal, (rows) => {
    try {
      for (const row of rows) take(row);
    } catch (error) {
      thrown = { error };
    }
    return thrown === undefined;
  }).catch((error: unknown): Outcome => ({ kind: 'refused', reason: messageOf(error) }));
  throwIfCancelled(signal);
  if (thrown) throw thrown.error;
  if (outcome.kind === 'refused') {
    throw new BadInputError([
      pathProblem(
        `${basename(asked.path)} cannot be read as Parquet: ${outcome.reason}.`,
        /not supported/.test(outcome.reason)
          ? 'Write it without such columns, or in another way, such as with pandas or DuckDB.'
          : 'Fetch the file again.',
      ),
    ]);
  }
  return outcome;
}

/** @param take returns false when it wants no more */
async function readInProcess(
  { path, args }: { readonly path: string; readonly args: readonly string[] },
  signal: AbortSignal | undefined,
  take: (rows: readonly Row[]) => boolean,
): Promise<Outcome> {
  const megabytes = (await stat(path)).size / 2 ** 20;
  const heap = Math.ceil(HEAP.least + HEAP.perMegabyte * megabytes);
  const most = heap + Math.ceil(BESIDE.least + BESIDE.perMegabyte * megabytes);
  return runWatched<ParquetMessage, Outcome>({
    program: 'parquetProcess',
    caller: import.meta.url,
    args: [path, ...args],
    heap,
    most,
    signal,
    hear: (message) => {
      switch (message.kind) {
        case 'progress':
          return { allowanceMs: message.allowanceMs };
        case 'rows':
          return take(message.rows)
            ? { allowanceMs: 0 }
            : { result: { kind: 'refused', reason: 'its rows are not wanted' } };
        case 'size':
        case 'done':
        case 'refused':
          return { result: message };
      }
    },
    refused: (reason) => ({ kind: 'refused', reason }),
  });
}
