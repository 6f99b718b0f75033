import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { BadInputError, messageOf } from '../../../../errors.ts';
import { forkProgram } from '../../../../platform/processes/childProgram.ts';
import { ProgressWatch, type Complaint } from '../../../../platform/processes/progressWatch.ts';
import { throwIfCancelled } from '../../../cancellation.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { ParquetMessage } from './parquetMessages.ts';
import type { ShardedTable } from '../reading/shards.ts';
import { refuseOtherColumns, type TypedRows } from '../reading/typedRows.ts';

const WATCH_MS = 50;
/** Milliseconds beyond the usual in which a process starts. */
const START_MS = 10_000;
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
  const child = forkProgram('parquetProcess', import.meta.url, {
    args: [path],
    execArgv: [
      ...process.execArgv.filter((option) => !/^--(?:inspect|max)/.test(option)),
      `--max-old-space-size=${heap}`,
    ],
    // Rows keep their types, and of what an array views only that part is sent.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const watch = new ProgressWatch(child.pid, most * 2 ** 20);
  watch.allow(START_MS);
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  try {
    return await new Promise<Outcome>((resolve) => {
      const refuse = (reason: string): void => {
        resolve({ kind: 'refused', reason });
      };
      stop = () => {
        refuse('it was stopped');
      };
      signal?.addEventListener('abort', stop);
      timer = setInterval(() => {
        const complaint = watch.complaint();
        if (complaint !== undefined) refuse(reasonOf(complaint, most));
      }, WATCH_MS);
      child.on('message', (message: ParquetMessage) => {
        switch (message.kind) {
          case 'progress':
            watch.allow(message.allowanceMs);
            break;
          case 'rows':
            watch.allow(0);
            for (const row of message.rows) rows.push(row);
            break;
          case 'done':
          case 'refused':
            resolve(message);
        }
      });
      child.on('error', (error) => {
        refuse(error.message);
      });
      child.on('exit', () => {
        refuse(`reading it takes more than ${heap} MiB, or ends the reader in another way`);
      });
    });
  } finally {
    clearInterval(timer);
    if (stop) signal?.removeEventListener('abort', stop);
    child.kill('SIGKILL');
  }
}

function reasonOf(complaint: Complaint, mostMegabytes: number): string {
  switch (complaint) {
    case 'endless':
      return 'the reader gets nowhere with it, so it is damaged';
    case 'memory':
      return `it takes more than ${mostMegabytes} MiB`;
  }
}
