import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DistilleryError } from '../errors.ts';
import type { RunEvent } from '../protocol/events.ts';
import { conductRun } from './conductRun.ts';
import { parseExperiment } from './parseExperiment.ts';
import { readCurveEvents } from './readRun.ts';
import { prepareRun, type RunOptions } from './runExperiment.ts';
import { runFiles, RunFolder } from './runFolder.ts';
import { RunJournal } from './runJournal.ts';
import { RunRecorder } from './runRecorder.ts';
import type { RunResult } from './runResult.ts';
import { readStoredProgress } from './storedProgress.ts';

/** What of the status of a run that ended early is kept. */
const statusSchema = z.object({
  id: z.string(),
  name: z.string(),
  startedAt: z.string(),
  progress: z.number(),
  accuracy: z.number().exactOptional(),
  teacherAccuracy: z.number().exactOptional(),
  loss: z.number().exactOptional(),
  teacherLoss: z.number().exactOptional(),
});

/**
 * Goes on with a run that was stopped, that failed or whose process was killed, from what its folder holds. Trainings that
 * are over are not repeated; the one that was under way goes on from its last checkpoint. On the same machine the
 * run ends with the very networks that it would have ended with, had it not been interrupted.
 *
 * The caller has made sure that no process is at the run.
 *
 * @throws DistilleryError `FILE_NOT_FOUND` when the folder holds no run that could go on
 * @throws BadInputError when the experiment's files are not what they were; the folder stays as it is
 */
export async function resumeRun(options: Omit<RunOptions, 'baseDirectory'>): Promise<RunResult> {
  const { folder: path, cacheFolder, memory, signal } = options;
  const stored = await readStoredProgress(path);
  const { baseDirectory } = stored.progress;
  const experiment = parseExperiment(await readJson(join(path, runFiles.experiment)));
  const status = statusSchema.parse(await readJson(join(path, runFiles.status)));
  const prepared = await prepareRun(experiment, { ...options, baseDirectory });
  try {
    const running = { state: 'running', processId: process.pid, resumedAt: new Date().toISOString() } as const;
    const { metricsBytes } = stored.training ?? stored.progress;
    const folder = await RunFolder.reopen(path, { ...status, ...running }, metricsBytes);
    const journal = RunJournal.resume(folder, stored);
    const recorder = new RunRecorder(folder, experiment, Object.keys(stored.progress.finished));
    recorder.curveEvents.push(...(await readCurveEvents(path)));
    const onEvent = (event: RunEvent): void => {
      recorder.record(event);
      options.onEvent(event);
    };
    const { id, name, startedAt } = status;
    onEvent({ kind: 'started', id, name, folder: path, startedAt });
    const run = {
      id,
      name,
      experiment,
      prepared,
      folder,
      journal,
      baseDirectory,
      cacheFolder,
      memory,
      signal,
      onEvent,
    };
    return await conductRun(run, recorder);
  } finally {
    await prepared.dataset.dispose();
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new DistilleryError('BAD_FILE', `'${path}' cannot be read.`, { cause });
  }
}
