import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { areOver, askAboutJobs, haveSucceeded, reasonsOf, type SubmittedRun } from '../cluster/jobs.ts';
import type { Slurm } from '../cluster/slurm/slurm.ts';
import { CLUSTER_FOLDER, type Submission } from '../cluster/submission.ts';
import { terminalWord } from '../platform/shellWord.ts';
import { readReport } from '../runFolder/readRun.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { renderReport } from './renderReport.ts';
import { exitCode, type Terminal } from './terminal.ts';

/** How often the cluster is asked: its administrators mind those who ask all the time. */
const INTERVAL_MS = 2000;

/**
 * Tells how the jobs of a submission go until they are over.
 * @param seconds after which it is left to itself; by default never
 * @returns the exit code
 */
export async function followJobs(
  folder: string,
  submission: Submission,
  slurm: Slurm,
  terminal: Terminal,
  seconds = Infinity,
): Promise<number> {
  const stop = new AbortController();
  const stopListening = terminal.onInterrupt(() => {
    stop.abort();
  });
  const deadline = performance.now() + seconds * 1000;
  let told = '';
  try {
    for (;;) {
      const asked = await askAboutJobs(folder, submission, slurm);
      const line = lineOf(asked);
      if (line !== told) terminal.error.write(`${line}\n`);
      told = line;
      if (areOver(asked)) return await tellEnd(asked, terminal);
      if (stop.signal.aborted) {
        terminal.error.write('The cluster goes on with it.\n');
        return exitCode.success;
      }
      if (performance.now() > deadline) return exitCode.waiting;
      await sleep(INTERVAL_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    stopListening();
  }
}

/** Such as `trial 17: 12 COMPLETED, 4 RUNNING, 4 PENDING (Resources)`, for every job. */
export function lineOf({ jobs }: Pick<SubmittedRun, 'jobs'>): string {
  return jobs
    .map(({ id, name, states }) => {
      const counts = new Map<string, number>();
      for (const { state, id: task } of states) counts.set(state, (counts.get(state) ?? 0) + tasksIn(task));
      const counted = [...counts].map(([state, count]) =>
        states.length > 1 || count > 1 ? `${count} ${state}` : state,
      );
      const reason = reasonsOf(states);
      return `${name} ${id}: ${counted.join(', ') || 'gone'}${reason === '' ? '' : ` (${reason})`}`;
    })
    .join('; ');
}

/** How many tasks `17_[4,6-9%2]` stands for. */
function tasksIn(id: string): number {
  const waiting = /\[([\d,-]+)/.exec(id)?.[1];
  if (waiting === undefined) return 1;
  return waiting.split(',').reduce((sum, part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

async function tellEnd(asked: SubmittedRun, { out, error, directory }: Terminal): Promise<number> {
  const { folder, submission } = asked;
  const shown = relative(directory, folder) || '.';
  const isRun = submission.kind === 'run';
  const hasReport = isRun && existsSync(join(folder, runFiles.report));
  if (hasReport) out.write(`\n${renderReport(await readReport(folder), out)}`);
  const isDone = haveSucceeded(asked) && (!isRun || hasReport);
  error.write(
    isDone
      ? `Everything is done: '${shown}'.\n`
      : `It did not end well; what the tasks said is in '${join(shown, CLUSTER_FOLDER)}'. The same \`distillery submit\` with \`--out ${terminalWord(shown)}\` goes on.\n`,
  );
  return isDone ? exitCode.success : exitCode.failure;
}
