import { baseDirectoryOf } from '../../launching/readRun.ts';
import { readRunStatus } from '../../launching/readRuns.ts';
import type { Runs } from './runSupervisor.ts';

/** The folder that relative paths of a run's experiment start from. Trials of a search are runs that are not listed. */
export async function runBase(runs: Pick<Runs, 'get'>, runFolder: string): Promise<string> {
  return baseDirectoryOf(runFolder, runs.get(runFolder)?.status ?? (await readRunStatus(runFolder)));
}
