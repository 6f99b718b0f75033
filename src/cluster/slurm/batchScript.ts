import { DistilleryError } from '../../errors.ts';
import type { SlurmSettings } from '../../experiment/schema/runner.ts';
import { shellWord } from '../../platform/shellWord.ts';

/** The signal by which Slurm warns a task that its time is nearly up. Node.js keeps SIGUSR1 for its debugger. */
export const WARNING_SIGNAL = 'USR2';

/** A job as it is written for Slurm: one task, or an array of them. */
export interface BatchJob {
  /** Shown by `squeue`. */
  readonly name: string;
  readonly settings: SlurmSettings;
  /** Where the tasks begin, and relative paths start from. */
  readonly directory: string;
  /** Path of the file that the output of a task goes to; `%j`, `%A` and `%a` stand for its numbers. */
  readonly log: string;
  /** How many tasks there are, numbered from 0; undefined for a job that is no array. */
  readonly tasks: number | undefined;
  /** What each task executes: a program and its arguments. */
  readonly command: readonly string[];
}

/**
 * The script that `sbatch` takes.
 * @throws DistilleryError `BAD_INPUT` when a path cannot be written in one
 */
export function batchScript(job: BatchJob): string {
  const { settings } = job;
  const options = Object.entries({
    'job-name': quoted(jobName(job.name)),
    chdir: quoted(job.directory),
    output: quoted(job.log),
    'open-mode': 'append',
    signal: `B:${WARNING_SIGNAL}@${warningSeconds(settings)}`,
    array: job.tasks === undefined ? undefined : `0-${job.tasks - 1}%${settings.arrayLimit}`,
    partition: settings.partition,
    account: settings.account,
    qos: settings.qos,
    constraint: settings.constraint,
    gres: settings.gpus === undefined || settings.gpus === 0 ? undefined : `gpu:${settings.gpus}`,
    'cpus-per-task': settings.cpus,
    mem: settings.memory,
    time: settings.time,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`#SBATCH --${name}=${value}`]));
  return [
    '#!/bin/bash',
    ...options,
    `#SBATCH --${settings.requeue ? 'requeue' : 'no-requeue'}`,
    '',
    ...settings.setup,
    // In place of the shell, so that Slurm's signals come to it.
    `exec ${job.command.map(shellWord).join(' ')}`,
    '',
  ].join('\n');
}

/** How long before its end a task is warned: of a short one not from the beginning on. */
function warningSeconds({ time, warnSeconds }: SlurmSettings): number {
  const seconds = time === undefined ? Infinity : secondsOf(time);
  return Math.max(1, Math.min(warnSeconds, Math.floor(seconds / 3)));
}

/** Seconds of a time as Slurm writes it: `minutes`, `minutes:seconds`, `hours:minutes:seconds`, or days, a dash and hours first. */
export function secondsOf(time: string): number {
  const [clock = '', days] = time.split('-').reverse();
  const parts = clock.split(':').map(Number);
  if (days !== undefined) {
    const [hours = 0, minutes = 0, seconds = 0] = parts;
    return ((Number(days) * 24 + hours) * 60 + minutes) * 60 + seconds;
  }
  const [first = 0, second = 0, third = 0] = parts;
  return parts.length === 3 ? (first * 60 + second) * 60 + third : first * 60 + second;
}

/** A name that people find again in `squeue`, of letters that no version of Slurm minds. */
function jobName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\w.:-]+/g, '-')
    .slice(0, 60);
}

function quoted(value: string): string {
  if (/["\n\r\\]/.test(value)) {
    throw new DistilleryError('BAD_INPUT', `'${value}' cannot be named in a script for Slurm.`, {
      hint: 'Use a folder whose name has no quotation marks, backslashes and line breaks.',
    });
  }
  return `"${value}"`;
}
