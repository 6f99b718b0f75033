import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFiles } from '../../../src/runFolder/runFolder.ts';
import { leaseStateOf } from '../../../src/runFolder/runLease.ts';
import { searchesDirectory } from '../../../src/runFolder/searchFolder.ts';
import type { RunStatus } from '../../../src/protocol/events.ts';
import { until } from './until.ts';

/** A run as it is on disk. */
export interface RunOnDisk {
  readonly folder: string;
  readonly status: RunStatus;
}

/** The runs of a workspace folder, oldest first. */
export async function runsIn(workspace: string): Promise<readonly RunOnDisk[]> {
  const runs = runsFolder(workspace);
  const names = await filesIn(runs);
  const found = await Promise.all(names.map((name) => readRun(join(runs, name))));
  return found.flatMap((run) => (run === undefined ? [] : [run]));
}

/** Names of what is in a folder, sorted; nothing for a folder that is not there. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}

async function readRun(folder: string): Promise<RunOnDisk | undefined> {
  try {
    const status = JSON.parse(await readFile(join(folder, runFiles.status), 'utf8')) as RunStatus;
    return { folder, status };
  } catch {
    return undefined; // Not written yet.
  }
}

/** Whether a process is there and has not ended; one that nobody has waited for yet has ended. Linux only. */
export function isProcessRunning(processId: number): boolean {
  try {
    const [, state] = /\) (\S)/.exec(readFileSync(`/proc/${processId}/stat`, 'utf8')) ?? [];
    return state !== 'Z';
  } catch {
    return false;
  }
}

/** Waits until a process has ended. */
export async function waitForEnd(processId: number): Promise<void> {
  await until(`process ${processId} ends`, () => !isProcessRunning(processId));
}

/** Ends the processes of runs that go on: they are made to outlive their window. Works while this process exits, too. */
export function endRunsIn(workspace: string): void {
  const runs = runsFolder(workspace);
  for (const name of existsSync(runs) ? readdirSync(runs) : []) {
    const path = join(runs, name, runFiles.status);
    if (!existsSync(path)) continue;
    const { processId, state } = JSON.parse(readFileSync(path, 'utf8')) as RunStatus;
    if (state === 'running' && processId !== undefined && isProcessRunning(processId))
      process.kill(processId, 'SIGKILL');
  }
  const searches = searchesDirectory(workspace);
  for (const name of existsSync(searches) ? readdirSync(searches) : []) {
    const state = leaseStateOf(join(searches, name));
    if (state.kind === 'held') process.kill(state.lease.processId, 'SIGKILL');
  }
}

/** Where the runs of a workspace folder are. */
export function runsFolder(workspace: string): string {
  return join(workspace, '.distillery', 'runs');
}
