import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endQueued, isQueued, writeQueued } from './queuedStatus.ts';
import { isOver, type JobState } from './slurm/parseJobs.ts';
import type { Slurm } from './slurm/slurm.ts';
import { findSubmission, type Submission } from './submission.ts';

/** A submission and what the cluster says of its jobs. */
export interface SubmittedRun {
  readonly folder: string;
  readonly submission: Submission;
  /** Of each job; without states where the cluster has forgotten it, so that it is over. */
  readonly jobs: readonly (Submission['jobs'][number] & { readonly states: readonly JobState[] })[];
}

/** The folders under a working directory that were submitted, the newest first. */
export async function submittedFolders(directory: string): Promise<readonly string[]> {
  const found: { readonly folder: string; readonly at: string }[] = [];
  for (const kind of ['runs', 'searches']) {
    const parent = join(directory, '.distillery', kind);
    for (const name of await readdir(parent).catch(() => [])) {
      const submission = await findSubmission(join(parent, name));
      if (submission) found.push({ folder: join(parent, name), at: submission.submittedAt });
    }
  }
  return found.toSorted((one, other) => other.at.localeCompare(one.at)).map(({ folder }) => folder);
}

/**
 * Asks the cluster about the jobs of a submission, and writes into the status of a run that waits for its turn why it does, where
 * views find it.
 */
export async function askAboutJobs(folder: string, submission: Submission, slurm: Slurm): Promise<SubmittedRun> {
  const jobs: SubmittedRun['jobs'][number][] = [];
  for (const job of submission.jobs) jobs.push({ ...job, states: await slurm.statesOf(job.id) });
  const asked = { folder, submission, jobs };
  if (submission.kind === 'run' && (await isQueued(folder))) await noteQueue(asked);
  return asked;
}

/** Whether nothing of a submission will be done any more. */
export function areOver({ jobs }: Pick<SubmittedRun, 'jobs'>): boolean {
  return jobs.every(({ states }) => states.every(isOver));
}

/** Whether all jobs ended well, as far as the cluster still knows. */
export function haveSucceeded({ jobs }: Pick<SubmittedRun, 'jobs'>): boolean {
  return jobs.every(({ states }) => states.every(({ state }) => state === 'COMPLETED'));
}

/** One line of the reasons that the cluster gives for jobs that wait, or ended badly. */
export function reasonsOf(states: readonly JobState[]): string {
  const reasons = states
    .filter(({ state }) => state !== 'COMPLETED' && state !== 'RUNNING')
    .map(({ reason, exitCode }) => reason ?? (exitCode === undefined || exitCode === 0 ? '' : `exit code ${exitCode}`));
  return [...new Set(reasons.filter((reason) => reason !== ''))].join(', ');
}

/** Ends all jobs of a submission and waits until the cluster has ended them. @returns whether none is left */
export async function cancelJobs(folder: string, submission: Submission, slurm: Slurm, seconds = 60): Promise<boolean> {
  const before = await askAboutJobs(folder, submission, slurm);
  const alive = before.jobs.filter(({ states }) => !states.every(isOver)).map(({ id }) => id);
  await slurm.cancel(alive);
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const asked = await askAboutJobs(folder, submission, slurm);
    if (areOver(asked)) {
      if (submission.kind === 'run') await endQueued(folder, 'cancelled', 'Cancelled before a node took it up.');
      return true;
    }
    if (performance.now() > deadline) return false;
    await sleep(250);
  }
}

async function noteQueue({ folder, submission, jobs }: SubmittedRun): Promise<void> {
  const all = jobs.flatMap(({ states }) => states);
  const last = jobs.at(-1)?.states[0];
  if (jobs.every(({ states }) => states.every(isOver))) {
    const failed = all.find(({ state }) => state !== 'COMPLETED') ?? last;
    const said = failed ? `${failed.state}${failed.reason === undefined ? '' : ` (${failed.reason})`}` : 'gone';
    const state = failed?.state === 'CANCELLED' ? 'cancelled' : 'failed';
    await endQueued(folder, state, `Slurm ended job ${failed?.id ?? ''}: ${said}.`);
    return;
  }
  if (!last || last.state !== 'PENDING') return;
  const { reason } = last;
  await writeQueued(folder, submission, {
    engine: 'slurm',
    job: last.id,
    state: last.state,
    ...(reason !== undefined && { reason }),
  });
}
