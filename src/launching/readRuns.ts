import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runFiles } from '../runFolder/runFolder.ts';
import type { RunStatus } from '../protocol/events.ts';
import { LEASE_FILE } from '../runFolder/runLease.ts';
import { readIfThere } from '../platform/readIfThere.ts';
import { readJson } from './readJson.ts';
import { readRun, type StoredRun } from './readRun.ts';
import { RunListing } from './runListing.ts';

/** Where the runs of a workspace folder are. */
export function runsDirectory(workspaceFolder: string): string {
  return join(workspaceFolder, '.distillery', 'runs');
}

/** The runs of a workspace folder, newest first. Folders without a readable status are no runs. */
export async function readRuns(workspaceFolder: string): Promise<readonly StoredRun[]> {
  const runs = await new RunListing(runsDirectory(workspaceFolder)).list();
  // Ids of runs that began in the same second are numbered; a folder lists its entries in any order.
  return runs
    .toSorted((a, b) => (a.folder < b.folder ? 1 : -1))
    .sort((a, b) => Date.parse(b.status.startedAt) - Date.parse(a.status.startedAt));
}

/**
 * The status of the run in `folder`; undefined when there is none (yet). A run that says it is running while the process
 * that says so has no lease of its folder, or is gone, was interrupted.
 */
export async function readRunStatus(folder: string): Promise<RunStatus | undefined> {
  return (await readRun(folder))?.status;
}

/** The experiment of the run in `folder`, as it was written there; undefined when it cannot be read. */
export function readRunExperiment(folder: string): Promise<unknown> {
  return readJson(join(folder, runFiles.experiment));
}

/** The last lines of what the process of a run wrote to its log, without the frames of stack traces. */
export async function readLogTail(folder: string): Promise<string | undefined> {
  const text = await readIfThere(readFile(join(folder, TRAINER_LOG), 'utf8'), '');
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines.length === 0 ? undefined : lines.slice(-LOG_LINES).join('\n');
}

/** Removes a folder that was made for a run which never began: nothing but the process's log and its lease is in it. */
export async function removeUnlessBegun(folder: string): Promise<void> {
  const names = await readIfThere(readdir(folder), []);
  if (names.every((name) => name === TRAINER_LOG || name.startsWith(LEASE_FILE)))
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

const LOG_LINES = 10;

/** What the process that trains writes to its standard streams. */
export const TRAINER_LOG = 'trainer.log';
