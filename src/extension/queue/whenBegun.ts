import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { QueueEntry } from '../../queue/queue.ts';
import { readQueue } from '../../queue/queueFile.ts';
import { runFiles } from '../../runFolder/runFolder.ts';

const LOOK_MS = 100;

/**
 * Waits until the run of an entry has written what it is: an entry goes on from when its process is started, which takes its moment.
 * @param folder of the queue
 * @returns whether there is a run; false where it was refused
 */
export async function whenBegun(folder: string, { id, run }: Pick<QueueEntry, 'id' | 'run'>): Promise<boolean> {
  if (run === undefined) return false;
  const hasBegun = (): boolean => [runFiles.experiment, runFiles.status].every((name) => existsSync(join(run, name)));
  while (!hasBegun()) {
    const { entries } = await readQueue(folder);
    // A short run may be over already.
    if (!entries.some((entry) => entry.id === id && entry.state === 'running')) return hasBegun();
    await wait(LOOK_MS);
  }
  return true;
}
