import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import type { RunStatus } from '../protocol/events.ts';
import { namedModels } from '../runFolder/namedModels.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { LEASE_FILE, leaseStateOf } from '../runFolder/runLease.ts';
import { runMarksSchema, type RunMarks } from '../runFolder/runMarks.ts';
import { readIfThere } from '../platform/readIfThere.ts';
import { parseJson } from './readJson.ts';
import { runStatusSchema } from './runFileSchemas.ts';

/** What the views show of a run beside its status. */
export interface RunDetails {
  readonly marks: RunMarks;
  readonly isResumable: boolean;
  readonly hasStudent: boolean;
  readonly hasReport: boolean;
  /** How many times smaller the student's file is than the teacher's. */
  readonly sizeRatio?: number;
  /** Paths of the models that it began with: teachers, and the network that the student began as. */
  readonly models: readonly string[];
}

/** A run as its folder has it. */
export interface StoredRun {
  readonly folder: string;
  readonly status: RunStatus;
  readonly details: RunDetails;
}

/** How run folders are read; what a test counts. */
export interface FileAccess {
  readText(path: string): Promise<string>;
  list(folder: string): Promise<readonly string[]>;
  /** When names in a folder changed last, in milliseconds. */
  modified(folder: string): Promise<number>;
}

export const fileAccess: FileAccess = {
  readText: (path) => readFile(path, 'utf8'),
  list: (folder) => readdir(folder),
  modified: async (folder) => (await stat(folder)).mtimeMs,
};

const ratiosSchema = z.object({ ratios: z.object({ bytes: z.number() }).nullable() });

/** Reads one run folder; undefined where it is no run (yet). One whose process is gone is interrupted, whatever it says. */
export async function readRun(folder: string, files: FileAccess = fileAccess): Promise<StoredRun | undefined> {
  const names = await readIfThere(files.list(folder), []);
  const read = async (name: string): Promise<unknown> =>
    names.includes(name) ? parseJson(await readIfThere(files.readText(join(folder, name)), '')) : undefined;
  const status = runStatusSchema.safeParse(await read(runFiles.status)).data;
  if (!status) return undefined;
  // Most runs have none, and refusing what is not there takes a schema longer than reading what is.
  const marks = names.includes(runFiles.marks) ? runMarksSchema.safeParse(await read(runFiles.marks)).data : undefined;
  // Runs of older versions have them in the experiment alone: one file less is a third of the time of thousands of runs.
  const models = status.models ?? namedModels(await read(runFiles.experiment));
  const baseDirectory = baseDirectoryOf(folder, status);
  const hasReport = names.includes(runFiles.report);
  // Runs of older versions have it in the report alone.
  const isOld = status.sizeRatio === undefined && status.state === 'finished' && hasReport;
  const sizeRatio = isOld ? ratiosSchema.safeParse(await read(runFiles.report)).data?.ratios?.bytes : status.sizeRatio;
  return {
    folder,
    status: settled(folder, status, names.includes(LEASE_FILE)),
    details: {
      marks: marks ?? {},
      isResumable: names.includes(runFiles.checkpoint),
      hasStudent: names.includes(runFiles.student),
      hasReport,
      ...(sizeRatio !== undefined && { sizeRatio }),
      models: models.map((model) => resolve(baseDirectory, model)),
    },
  };
}

/**
 * The folder that relative paths of a run's experiment start from. Runs of older versions do not say it: they are three folders below
 * the workspace folder, which it is there.
 */
export function baseDirectoryOf(folder: string, status: Pick<RunStatus, 'baseDirectory'> | undefined): string {
  return status?.baseDirectory ?? dirname(dirname(dirname(folder)));
}

function settled(folder: string, status: RunStatus, hasLease: boolean): RunStatus {
  // What waits for its turn on a cluster has no process yet.
  if (status.queue || status.state !== 'running' || (hasLease && isWritten(folder, status))) return status;
  return { ...status, state: 'interrupted' };
}

/** Whether the run's process has the lease of the folder; whether one of another machine lives cannot be told from here. */
function isWritten(folder: string, { processId }: RunStatus): boolean {
  const state = leaseStateOf(folder);
  return (state.kind === 'held' || state.kind === 'elsewhere') && state.lease.processId === processId;
}
