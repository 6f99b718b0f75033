import { changed, nextEntry, without, type Queue, type QueueEntry } from './queue.ts';
import { changeQueue, readQueue, takeQueue } from './queueFile.ts';

/**
 * How an entry's run went. `ended`: however it ended, its run tells, and it leaves the queue. `refused`: it never began, and stays
 * with the reason. `interrupted`: whoever works the queue off is to stop; it stays first and goes on the next time.
 */
export type EntryOutcome =
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused'; readonly problem: string }
  | { readonly kind: 'interrupted' };

export interface QueueRunner {
  /** Folder for the run of an entry that has none yet. */
  readonly chooseFolder: (entry: QueueEntry) => string;
  /** Runs an entry, or goes on with its run, in the folder that it has. */
  readonly run: (entry: QueueEntry & { readonly run: string }) => Promise<EntryOutcome>;
  /** Whether another entry may begin. */
  readonly goesOn: (queue: Queue) => boolean;
}

/**
 * Works a queue off: one entry after the other until none is left, the runner does not go on, or it is interrupted. Entries that are
 * added or moved meanwhile count.
 *
 * @returns how many ended, were refused, and whether it was interrupted
 * @throws DistilleryError `BAD_INPUT` when another process works it off
 */
export async function runQueue(
  folder: string,
  { chooseFolder, run, goesOn }: QueueRunner,
): Promise<{ readonly ended: number; readonly refused: number; readonly isInterrupted: boolean }> {
  const lease = await takeQueue(folder);
  let [ended, refused] = [0, 0];
  try {
    for (;;) {
      const queue = await readQueue(folder);
      const next = nextEntry(queue);
      if (!next || !goesOn(queue)) return { ended, refused, isInterrupted: false };
      lease.assertHeld();
      const { id } = next;
      // Before it begins: whoever takes the queue over finds the run.
      const place = next.run ?? chooseFolder(next);
      await changeQueue(folder, (now) => changed(now, id, { state: 'running', run: place }));
      const outcome = await run({ ...next, run: place });
      switch (outcome.kind) {
        case 'ended':
          ended++;
          await changeQueue(folder, (now) => without(now, id));
          break;
        case 'refused':
          refused++;
          await changeQueue(folder, (now) =>
            changed(now, id, { state: 'refused', run: undefined, problem: outcome.problem }),
          );
          break;
        case 'interrupted':
          await changeQueue(folder, (now) => changed(now, id, { state: 'waiting' }));
          return { ended, refused, isInterrupted: true };
      }
    }
  } finally {
    lease.release();
  }
}
