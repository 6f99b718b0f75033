import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { writeAtomically } from '../platform/writeAtomically.ts';
import type { QueuedJob, RunStatus } from '../protocol/events.ts';
import { leaseStateOf } from '../runFolder/runLease.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { omit } from '../search/omit.ts';
import type { Submission } from './submission.ts';

const statusSchema = z.looseObject({ state: z.string(), queue: z.looseObject({}).optional() });

/**
 * Writes into a run's status what the queue says of it, unless a process is at the run, whose status it is then.
 * What the status had of an earlier part of the run stays.
 */
export async function writeQueued(folder: string, submission: Submission, queue: QueuedJob): Promise<void> {
  const { name, submittedAt: startedAt } = submission;
  const first: RunStatus = { id: basename(folder), name, state: 'running', startedAt, progress: 0 };
  await change(folder, (before) => ({ ...(before ?? first), state: 'running', queue }));
}

/** Writes into the status of a run that waited in a queue that it does so no more. @param reason why it ended */
export async function endQueued(folder: string, state: 'cancelled' | 'failed', reason: string): Promise<void> {
  const endedAt = new Date().toISOString();
  await change(folder, (before) => {
    if (!before?.queue) return undefined;
    return { ...omit(before, 'queue'), state, reason, endedAt };
  });
}

/** Whether the run waits in a queue, as far as its status says. */
export async function isQueued(folder: string): Promise<boolean> {
  return (await readStatus(folder))?.queue !== undefined;
}

async function change(
  folder: string,
  to: (before: z.output<typeof statusSchema> | undefined) => object | undefined,
): Promise<void> {
  const { kind } = leaseStateOf(folder);
  if (kind === 'held' || kind === 'elsewhere') return;
  const changed = to(await readStatus(folder));
  if (changed) await writeAtomically(join(folder, runFiles.status), `${JSON.stringify(changed, null, 2)}\n`);
}

async function readStatus(folder: string): Promise<z.output<typeof statusSchema> | undefined> {
  try {
    return statusSchema.safeParse(JSON.parse(await readFile(join(folder, runFiles.status), 'utf8'))).data;
  } catch {
    return undefined;
  }
}
