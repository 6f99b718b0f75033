import { readdir, readFile, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { runFiles } from '../../experiment/runFolder.ts';
import { isProcessAlive } from '../../isProcessAlive.ts';
import type { RunStatus } from '../../protocol/events.ts';
import type { Report } from '../../protocol/report.ts';
import { reportSchema } from '../../protocol/reportSchema.ts';
import type { SoftTreeReport } from '../../protocol/softTreeReport.ts';
import { softTreeReportSchema } from '../../protocol/softTreeReportSchema.ts';
import { runStatusSchema } from './runFileSchemas.ts';

/** A run as its folder has it. */
export interface StoredRun {
  readonly folder: string;
  readonly status: RunStatus;
}

/** Where the runs of a workspace folder are. */
export function runsDirectory(workspaceFolder: string): string {
  return join(workspaceFolder, '.distillery', 'runs');
}

/** The runs of a workspace folder, newest first. Folders without a readable status are no runs. */
export async function readRuns(workspaceFolder: string): Promise<readonly StoredRun[]> {
  const directory = runsDirectory(workspaceFolder);
  const names = await withoutMissing(readdir(directory), []);
  const runs = await Promise.all(
    names.map(async (name) => {
      const folder = join(directory, name);
      const status = await readRunStatus(folder);
      return status ? [{ folder, status }] : [];
    }),
  );
  return runs.flat().sort((a, b) => Date.parse(b.status.startedAt) - Date.parse(a.status.startedAt));
}

/**
 * The status of the run in `folder`; undefined when there is none (yet). A run that says it is running while its
 * process is gone was interrupted.
 */
export async function readRunStatus(folder: string): Promise<RunStatus | undefined> {
  const parsed = runStatusSchema.safeParse(await readJson(join(folder, runFiles.status)));
  if (!parsed.success) return undefined;
  const status: RunStatus = parsed.data;
  return status.state === 'running' && !isAlive(status) ? { ...status, state: 'interrupted' } : status;
}

/** The report of the run in `folder`; undefined when it has none. */
export async function readReport(folder: string): Promise<Report | undefined> {
  const parsed = reportSchema.safeParse(await readJson(join(folder, runFiles.report)));
  return parsed.success ? parsed.data : undefined;
}

/** Filters with more weights than this, all together, are not shown: they would take long to reach the panel. */
const MOST_WEIGHTS = 1_000_000;

/** The tree of the run in `folder`; undefined when its student is none. Very long filters are left out. */
export async function readSoftTree(folder: string): Promise<SoftTreeReport | undefined> {
  const { data: tree } = softTreeReportSchema.safeParse(await readJson(join(folder, runFiles.tree)));
  if (!tree || tree.nodes.length * (tree.nodes[0]?.weights?.length ?? 0) <= MOST_WEIGHTS) return tree;
  return { ...tree, nodes: tree.nodes.map((node) => ({ ...node, weights: null })) };
}

/** The last lines of what the process of a run wrote to its log, without the frames of stack traces. */
export async function readLogTail(folder: string): Promise<string | undefined> {
  const text = await withoutMissing(readFile(join(folder, TRAINER_LOG), 'utf8'), '');
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines.length === 0 ? undefined : lines.slice(-LOG_LINES).join('\n');
}

/** Removes a folder that was made for a run which never began: nothing but the process's log is in it. */
export async function removeUnlessBegun(folder: string): Promise<void> {
  const names = await withoutMissing(readdir(folder), []);
  if (names.every((name) => name === TRAINER_LOG)) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

const LOG_LINES = 10;

/** What the process that trains writes to its standard streams. */
export const TRAINER_LOG = 'trainer.log';

/** Whether the run's process is there. A number from before the machine started belongs to another process by now. */
function isAlive({ processId, startedAt, resumedAt = startedAt }: RunStatus): boolean {
  if (processId === undefined || Date.parse(resumedAt) < Date.now() - uptime() * 1000) return false;
  return isProcessAlive(processId);
}

/** Parsed JSON, or undefined for a file that is missing or not JSON. */
async function readJson(path: string): Promise<unknown> {
  const text = await withoutMissing(readFile(path, 'utf8'), '');
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function withoutMissing<T>(reading: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return otherwise;
    throw error;
  }
}
