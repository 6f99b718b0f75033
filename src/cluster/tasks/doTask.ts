import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DistilleryError, isCancellation } from '../../errors.ts';
import { parseExperiment } from '../../experiment/parseExperiment.ts';
import { batchTaskOf, SLURM_TASK } from '../../platform/batchTask.ts';
import { resumeRun } from '../../run/resumeRun.ts';
import { runExperiment, type RunOptions } from '../../run/runExperiment.ts';
import type { SharedRun } from '../../run/run.ts';
import { leaveTrainings } from '../../run/stages/adoptTraining.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { leaseStateOf, removeLeaseOfTask } from '../../runFolder/runLease.ts';
import { standingOf } from '../../runFolder/standing.ts';
import { forTrials, prepareSearch } from '../../search/runSearch.ts';
import { lineOfEvent } from '../../search/page/lineOfEvent.ts';
import { shareSearch } from '../../search/sharedSearch.ts';
import { limitThreads } from '../../training/engines/session.ts';
import { planJobs, type TaskName } from '../plan.ts';
import { mayRun } from '../slurm/parseJobs.ts';
import type { Slurm } from '../slurm/slurm.ts';
import { CLUSTER_FOLDER, readSubmission, type Submission } from '../submission.ts';
import { gatherOutputs } from './gatherOutputs.ts';
import { labelShard } from './labelShard.ts';
import type { TaskEnd, TaskOptions } from './task.ts';

/**
 * Does what a task of a submission is to do. What was done before, by an earlier start of it or by whomever, is not repeated.
 * @throws DistilleryError when it fails; the folder of the run then says so
 */
export async function doTask(options: TaskOptions): Promise<TaskEnd> {
  const { folder, directory, signal } = options;
  const submitted = await readSubmission(folder);
  const submission = directory === undefined ? submitted : { ...submitted, baseDirectory: directory };
  const cores = coresOf(process.env);
  if (cores !== undefined) limitThreads(cores);
  try {
    return await doNamed(submission, options);
  } catch (error) {
    // Whatever it was at when it was stopped, it can be started anew, and is put back into the queue.
    if (signal.aborted && isCancellation(error)) return 'stopped';
    throw error;
  }
}

function doNamed(submission: Submission, options: TaskOptions): Promise<TaskEnd> {
  switch (options.task) {
    case 'run':
      return doRun(submission, options);
    case 'teacher':
      return trainTeacher(submission, options);
    case 'trial':
      return doTrials(submission, options);
    case 'label':
      return labelShard(submission, options);
    case 'gather':
      return gatherOutputs(submission, options);
    case 'site':
    case 'worker':
    case 'merge':
    case 'repeat':
      return doPart(submission, options);
  }
}

/** The cores that Slurm gives a task: where it binds no process to them, ONNX Runtime would take all. */
function coresOf({ SLURM_CPUS_PER_TASK: perTask, SLURM_CPUS_ON_NODE: onNode }: NodeJS.ProcessEnv): number | undefined {
  const cores = Number(perTask ?? onNode);
  return Number.isInteger(cores) && cores > 0 ? cores : undefined;
}

async function doRun(submission: Submission, { folder, slurm, signal, tell }: TaskOptions): Promise<TaskEnd> {
  const { experiment, baseDirectory, cacheFolder } = submission;
  await freeFolder(folder, slurm);
  const shared = join(folder, CLUSTER_FOLDER);
  const options = { folder, baseDirectory, cacheFolder, shared: { folder: shared }, signal, onEvent: tellEvents(tell) };
  const end = await startOrGoOn(experiment, options);
  if (end === 'stopped') return end;
  for (const name of [runFiles.rounds, runFiles.repeats, PARTS]) {
    await rm(join(shared, name), { recursive: true, force: true });
  }
  return end;
}

/**
 * What a site says, a worker's steps of a round, the merge after them, or a training with another seed: a part of the run, in a run folder of its
 * own. That of a site has its network, and does not lie in what travels.
 */
async function doPart(submission: Submission, options: TaskOptions): Promise<TaskEnd> {
  const { folder, task, index, round, slurm, signal, tell } = options;
  const { experiment, baseDirectory, cacheFolder } = submission;
  const shared = join(folder, CLUSTER_FOLDER);
  const name = task === 'merge' ? task : `${task}-${index}`;
  const own = task === 'site' ? join(folder, name) : join(shared, PARTS, name);
  await freeFolder(own, slurm);
  const part = partOf(task, index, round);
  const run = {
    folder: own,
    baseDirectory,
    cacheFolder,
    shared: { folder: shared, part },
    signal,
    onEvent: tellEvents(tell),
  };
  // What a worker did of its round is in its file; other trainings have checkpoints of their own.
  if (part.kind === 'repeat' || part.kind === 'site') await startOrGoOn(experiment, run);
  else await runExperiment(experiment, run);
  if (signal.aborted) return 'stopped';
  if (part.kind === 'repeat') await leaveTrainings(own, shared);
  return 'finished';
}

/** The folder of what tasks leave that do a part of a run. */
const PARTS = 'parts';

function partOf(task: TaskName, index: number, round: number): NonNullable<SharedRun['part']> {
  if (task === 'site') return { kind: 'site', site: index };
  if (task === 'worker') return { kind: 'worker', round, worker: index };
  // The first seed is that of the run itself.
  return task === 'repeat' ? { kind: 'repeat', repeat: index + 1 } : { kind: 'merge', round };
}

async function startOrGoOn(experiment: unknown, options: RunOptions): Promise<TaskEnd> {
  switch (standingOf(options.folder)) {
    case 'finished':
      return 'finished';
    case 'begun':
      return endOf(await resumeRun(options));
    case 'new':
      return endOf(await runExperiment(experiment, options));
  }
}

function tellEvents(tell: TaskOptions['tell']): RunOptions['onEvent'] {
  return (event) => {
    if (event.kind === 'phase' || event.kind === 'note') tell(sentence(event.message));
    if (event.kind === 'warning') tell(sentence(`${event.problem.where}: ${event.problem.message}`));
  };
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}

function endOf({ state }: { readonly state: 'finished' | 'cancelled' }): TaskEnd {
  return state === 'finished' ? 'finished' : 'stopped';
}

async function trainTeacher(submission: Submission, { folder, signal, tell }: TaskOptions): Promise<TaskEnd> {
  const options = { ...submission, folder, signal };
  const prepared = await prepareSearch(submission.experiment, options);
  return (await forTrials(prepared, options, tell)) ? 'finished' : 'stopped';
}

async function doTrials(submission: Submission, options: TaskOptions): Promise<TaskEnd> {
  const { folder, index, slurm, signal, tell } = options;
  const { settings, experiment, baseDirectory, cacheFolder } = submission;
  const planned = planJobs(parseExperiment(experiment), submission);
  const tasks = planned.find((job) => job.task === 'trial')?.tasks ?? 1;
  const ended = await shareSearch(experiment, {
    folder,
    baseDirectory,
    cacheFolder,
    atOnce: settings.arrayLimit,
    signal,
    onEvent: (event) => {
      tell(lineOfEvent(event));
    },
    by: batchTaskOf()?.id ?? `index:${index}`,
    isFree: (by) => isFree(by, slurm),
    // There may be more to do than there are tasks: trials that are refused, or trained in several parts.
    untilOver: index >= tasks - settings.arrayLimit,
  });
  return ended === 'stopped' ? 'stopped' : 'finished';
}

/** Gives a run's folder free that a task on another machine had which Slurm has ended. */
async function freeFolder(folder: string, slurm: Slurm): Promise<void> {
  const state = leaseStateOf(folder);
  const task = state.kind === 'elsewhere' ? state.lease.task : undefined;
  if (task !== undefined && (await isFree(task, slurm))) removeLeaseOfTask(folder, task);
}

/** Whether no process of a task can be alive: it is over, or waits to be started anew. What is no task of Slurm is left alone. */
async function isFree(task: string, slurm: Slurm): Promise<boolean> {
  if (!task.startsWith(SLURM_TASK)) return false;
  try {
    const states = await slurm.statesOf(task.slice(SLURM_TASK.length));
    return !states.some(mayRun);
  } catch (error) {
    // Where Slurm does not answer, nothing is known of the others.
    if (error instanceof DistilleryError) return false;
    throw error;
  }
}
