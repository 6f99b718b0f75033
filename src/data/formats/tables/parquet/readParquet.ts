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

type Outcome = Extract<ParquetMessage, { kind: 'done' | 'refused' }>;

/**
 * Reads the rows of a Parquet file, or of several that are one table, in a process of its own, which is ended when it takes more time or
 * memory than such a file needs.
 *
 * @throws BadInputError when a file cannot be read, or the reader gets nowhere with it
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function readParquetRows(
  { name, paths }: ShardedTable,
  signal: AbortSignal | undefined,
): Promise<TypedRows> {
  const rows: Readonly<Record<string, unknown>>[] = [];
  let huggingFace: string | undefined;
  for (const path of paths) {
    throwIfCancelled(signal);
    const file = basename(path);
    const start = rows.length;
    const outcome = await readInProcess(path, rows, signal).catch((error: unknown): Outcome => {
      return { kind: 'refused', reason: messageOf(error) };
    });
    throwIfCancelled(signal);
    if (outcome.kind === 'refused') {
      throw new BadInputError([
        pathProblem(`${file} cannot be read as Parquet: ${outcome.reason}.`, 'Fetch the file again.'),
      ]);
    }
    refuseOtherColumns(file, rows, start);
    huggingFace ??= outcome.huggingFace;
  }
  return { file: name, rows, huggingFace };
}

async function readInProcess(
  path: string,
  rows: Readonly<Record<string, unknown>>[],
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const megabytes = (await stat(path)).size / 2 ** 20;
  const heap = Math.ceil(HEAP.least + HEAP.perMegabyte * megabytes);
  const most = heap + Math.ceil(BESIDE.least + BESIDE.perMegabyte * megabytes);
  return runWatched<ParquetMessage, Outcome>({
    program: 'parquetProcess',
    caller: import.meta.url,
    args: [path],
    heap,
    most,
    signal,
    hear: (message) => {
      switch (message.kind) {
        case 'progress':
          return { allowanceMs: message.allowanceMs };
        case 'rows':
          for (const row of message.rows) rows.push(row);
          return { allowanceMs: 0 };
        case 'done':
        case 'refused':
          return { result: message };
      }
    },
    refused: (reason) => ({ kind: 'refused', reason }),
  });
}
