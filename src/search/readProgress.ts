import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { searchFiles } from '../runFolder/searchFolder.ts';

/** How far a search is, beside what `search.json` says. */
export interface SearchProgress {
  /** Numbers of trials that began and have not ended. */
  readonly open: readonly number[];
  /** Seconds that it has taken until its latest trial ended, all its parts together. */
  readonly seconds: number;
  /** When that was, in milliseconds since 1970; undefined before the first has ended. */
  readonly lastEndAt: number | undefined;
}

/** What is looked at of the journal's lines; its owner reads more. */
const lineSchema = z.union([
  z.object({ kind: z.literal('begin'), job: z.object({ number: z.number(), trial: z.number() }) }),
  z.object({ kind: z.literal('end'), job: z.number(), end: z.object({ at: z.string() }) }),
  z.object({ kind: z.literal('minutes'), minutes: z.number() }),
]);

/** Reads the journal of a search that another process may be writing. */
export async function readProgress(folder: string): Promise<SearchProgress> {
  const text = await readFile(join(folder, searchFiles.journal), 'utf8').catch(() => '');
  const open = new Map<number, number>();
  let seconds = 0;
  let lastEndAt: number | undefined;
  // The last line may be half written.
  for (const written of text.split('\n').slice(0, -1)) {
    const line = lineSchema.safeParse(parsed(written)).data;
    if (line?.kind === 'begin') open.set(line.job.number, line.job.trial);
    else if (line?.kind === 'end') {
      open.delete(line.job);
      lastEndAt = Date.parse(line.end.at);
    } else if (line) seconds = line.minutes * 60;
  }
  return { open: [...new Set(open.values())], seconds, lastEndAt };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
