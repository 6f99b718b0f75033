import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DistilleryError } from '../../errors.ts';
import { batchTaskOf, SLURM_TASK } from '../../platform/batchTask.ts';
import { writeAtomically } from '../../platform/writeAtomically.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { writeQueued } from '../queuedStatus.ts';
import { WARNING_SIGNAL } from '../slurm/batchScript.ts';
import type { Slurm } from '../slurm/slurm.ts';
import { CLUSTER_FOLDER, type Submission } from '../submission.ts';

/** Calls `listener` when Slurm warns that the time of this task is nearly up, until the returned function is called. */
export function onTimeWarning(listener: () => void): () => void {
  // Windows has no such signal, and no Slurm.
  if (process.platform === 'win32') return () => undefined;
  process.on(`SIG${WARNING_SIGNAL}`, listener);
  return () => {
    process.off(`SIG${WARNING_SIGNAL}`, listener);
  };
}

/**
 * Puts this task back into the queue, unless the submission says that it is not to go on, or a run did nothing since it was put there
 * last: it would for ever.
 *
 * @throws DistilleryError `BAD_INPUT` when its time is too short for anything
 */
export async function requeueThisTask(folder: string, submission: Submission, slurm: Slurm): Promise<void> {
  const { id } = batchTaskOf() ?? {};
  if (id?.startsWith(SLURM_TASK) !== true || !submission.settings.requeue) return;
  const job = id.slice(SLURM_TASK.length);
  if (submission.kind === 'run') {
    await refuseIdle(folder, job);
    await writeQueued(folder, submission, { engine: 'slurm', job, state: 'REQUEUED', reason: 'TimeLimit' });
  }
  await slurm.requeue(job);
}

/** Every step of a training is told sooner or later, in its run folder or that of a part, so that what was told grows with what was done. */
async function refuseIdle(folder: string, job: string): Promise<void> {
  const note = join(folder, CLUSTER_FOLDER, `requeued-${job}`);
  const before = await readFile(note, 'utf8').catch(() => undefined);
  const now = await standOf(folder);
  if (now === before) {
    throw new DistilleryError(
      'BAD_INPUT',
      `Job ${job} did nothing in its last turn, and is not put back into the queue.`,
      {
        hint: 'Ask for more time (--time), or for a shorter warning (warnSeconds), and submit once more with the same --out.',
      },
    );
  }
  await writeAtomically(note, now);
}

/** Bytes of what the run and its parts have told, and when tasks last left weights or outputs for others: another text whenever something was done. */
async function standOf(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const told = files.filter((file) => basename(file) === runFiles.metrics);
  const worked = files.filter((file) => file.startsWith(join(CLUSTER_FOLDER, '/')) && file.endsWith('.safetensors'));
  const stats = await Promise.all([...told, ...worked].map((file) => stat(join(folder, file)).catch(() => undefined)));
  const bytes = stats.slice(0, told.length).reduce((sum, found) => sum + (found?.size ?? 0), 0);
  const last = Math.max(0, ...stats.slice(told.length).map((found) => found?.mtimeMs ?? 0));
  return `${bytes} ${last}`;
}
