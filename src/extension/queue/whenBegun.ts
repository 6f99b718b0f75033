import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { QueueEntry } from '../../queue/queue.ts';
import { readQueue } from '../../queue/queueFile.ts';
import { runFiles } from '../../runFolder/runFolder.ts';

const LOOK_MS = 100;
/** Ten seconds: a process is started in less, and a person who clicked wants to know what is waited for. */
const MOST_LOOKS = 100;

/** `refused`: it never began, and the queue has the reason. `late`: it has not begun after all this time, though the queue is at it. */
export type Begun =
  | { readonly kind: 'begun' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly problem: string | undefined }
  | { readonly kind: 'late' };

/**
 * Waits until the run of an entry has written what it is: an entry goes on from when its process is started, which takes its moment. It may take long
 * where other runs have the device, or for ever where whoever worked the queue off is gone, so there is an end to it.
 * @param folder of the queue
 * @param pause between two looks
 */
export async function whenBegun(
  folder: string,
  { id, run }: Pick<QueueEntry, 'id' | 'run'>,
  pause: () => Promise<unknown> = () => wait(LOOK_MS),
): Promise<Begun> {
  if (run === undefined) return { kind: 'gone' };
  const hasBegun = (): boolean => [runFiles.experiment, runFiles.status].every((name) => existsSync(join(run, name)));
  for (let look = 0; look < MOST_LOOKS; look++) {
    if (hasBegun()) return { kind: 'begun' };
    const entry = (await readQueue(folder)).entries.find((each) => each.id === id);
    if (entry?.state === 'refused') return { kind: 'refused', problem: entry.problem };
    // A short run may be over already.
    if (entry?.state !== 'running') return hasBegun() ? { kind: 'begun' } : { kind: 'gone' };
    await pause();
  }
  return { kind: 'late' };
}
