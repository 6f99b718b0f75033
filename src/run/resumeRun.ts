import { tellPrepared } from './tellPrepared.ts';
import { logToTensorboard } from '../interchange/tensorboard/logToTensorboard.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DistilleryError } from '../errors.ts';
import type { RunEvent } from '../protocol/events.ts';
import { RunLease } from '../runFolder/runLease.ts';
import { writingError } from '../platform/writingError.ts';
import { recordRun } from './recordRun.ts';
import { parseExperiment } from '../experiment/parseExperiment.ts';
import { readCurveEvents } from '../runFolder/readRun.ts';
import { prepareRun, type RunOptions } from './runExperiment.ts';
import { runFiles, RunFolder } from '../runFolder/runFolder.ts';
import { RunJournal } from '../runFolder/runJournal.ts';
import { RunRecorder } from '../runFolder/runRecorder.ts';
import { changedSince, inputsOf, warnOfChanges } from './runInputs.ts';
import type { RunResult } from './runResult.ts';
import { readStoredProgress } from '../runFolder/checkpointFolder.ts';

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

export interface ResumeOptions extends Omit<RunOptions, 'baseDirectory'> {
  /** Goes on although the data, their labels or the files of networks are not what the run began with. */
  readonly force?: boolean | undefined;
}

/**
 * Goes on with a run that was stopped, that failed or whose process was killed, from what its folder holds. Trainings that
 * are over are not repeated; the one that was under way goes on from its last checkpoint. On the same machine the
 * run ends with the very networks that it would have ended with, had it not been interrupted.
 *
 * @throws DistilleryError `FILE_NOT_FOUND` when the folder holds no run that could go on, `BAD_INPUT` when a process is at it
 * @throws BadInputError when the experiment's files are not what they were; the folder stays as it is
 */
export async function resumeRun(options: ResumeOptions): Promise<RunResult> {
  const { folder } = options;
  // Taken before anything is read, so that what is read is not of a run that goes on meanwhile.
  const lease = takeLease(folder);
  try {
    return await goOn(options, lease);
  } finally {
    lease.release();
  }
}

async function goOn(options: ResumeOptions, lease: RunLease): Promise<RunResult> {
  const { folder: path, cacheFolder, memory, language, signal, pause, force = false } = options;
  const stored = await readStoredProgress(path);
  const { baseDirectory } = stored.progress;
  const written = parseExperiment(await readJson(join(path, runFiles.experiment)));
  const status = statusSchema.parse(await readJson(join(path, runFiles.status)));
  const prepared = await prepareRun(written, { ...options, baseDirectory });
  const { experiment } = prepared;
  try {
    const inputs = await inputsOf(prepared, signal);
    const changed = changedSince(stored.progress.inputs, inputs, experiment, force);
    const running = { state: 'running', processId: process.pid, resumedAt: new Date().toISOString() } as const;
    const { metricsBytes } = stored.training ?? stored.progress;
    const folder = await RunFolder.reopen(path, { ...status, ...running, baseDirectory }, metricsBytes, lease);
    const journal = RunJournal.resume(folder, stored);
    const recorder = new RunRecorder(
      folder,
      experiment,
      logToTensorboard(folder.file('tensorboard'), written),
      () => journal.seconds,
      Object.keys(stored.progress.finished),
    );
    const onEvent = (event: RunEvent): void => {
      recorder.record(event);
      options.onEvent(event);
    };
    const { id, name, startedAt } = status;
    const run = {
      id,
      name,
      experiment,
      written,
      prepared,
      folder,
      journal,
      baseDirectory,
      cacheFolder,
      memory,
      language,
      shared: options.shared,
      signal,
      pause,
      onEvent,
    };
    return await recordRun(run, recorder, async () => {
      // Of a long run they are more than a call takes arguments.
      for (const event of await readCurveEvents(path)) recorder.curveEvents.push(event);
      onEvent({ kind: 'started', id, name, folder: path, startedAt });
      tellPrepared(run);
      for (const problem of [...stored.warnings, ...warnOfChanges(changed, experiment)]) {
        onEvent({ kind: 'warning', problem });
      }
      if (changed.length > 0) await journal.noteInputs(inputs, changed);
    });
  } finally {
    await prepared.dataset.dispose();
  }
}

/** A folder that is not there, or not to be written to, is refused in the words of what it lacks. */
function takeLease(folder: string): RunLease {
  try {
    return RunLease.take(folder);
  } catch (error) {
    throw writingError(folder, error, { code: 'BAD_INPUT', hint: 'Name the folder of a run that can be written to.' });
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new DistilleryError('BAD_FILE', `'${path}' cannot be read.`, { cause });
  }
}
