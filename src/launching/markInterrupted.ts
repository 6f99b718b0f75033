import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../platform/writeAtomically.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { leaseStateOf, RunLease } from '../runFolder/runLease.ts';
import { runStatusSchema } from './runFileSchemas.ts';

/**
 * Writes into the folder of a run whose process died that it was interrupted, and why, so that every window and later ones know.
 * Nothing is written where a process is at it, or where the run has told itself how it ended.
 */
export async function markInterrupted(folder: string, reason: string): Promise<void> {
  const state = leaseStateOf(folder);
  if (state.kind === 'held' || state.kind === 'elsewhere') return;
  const lease = RunLease.take(folder);
  try {
    const path = join(folder, runFiles.status);
    const status = runStatusSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
    if (status?.state !== 'running') return;
    const problems = [{ where: 'training', message: reason }];
    const marked = { ...status, state: 'interrupted', endedAt: new Date().toISOString(), problems };
    await writeAtomically(path, `${JSON.stringify(marked, null, 2)}\n`);
  } finally {
    lease.release();
  }
}
