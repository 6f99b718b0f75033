import { logToTensorboard } from '../interchange/tensorboard/logToTensorboard.ts';
import { basename } from 'node:path';
import type { RunEvent } from '../protocol/events.ts';
import { refuseTaken } from '../runFolder/runLease.ts';
import { recordRun } from './recordRun.ts';
import { chooseTrainingDevice } from './chooseTrainingDevice.ts';
import { parseExperiment } from '../experiment/parseExperiment.ts';
import { preflight, type PreflightOptions } from '../preflight/preflight.ts';
import type { Prepared } from '../preflight/prepared.ts';
import { namedModels } from '../runFolder/namedModels.ts';
import { RunFolder } from '../runFolder/runFolder.ts';
import { RunJournal } from '../runFolder/runJournal.ts';
import { RunRecorder } from '../runFolder/runRecorder.ts';
import type { RunSurroundings } from './run.ts';
import type { RunResult } from './runResult.ts';
import type { Experiment } from '../experiment/schema.ts';
import { tellPrepared } from './tellPrepared.ts';

export interface RunOptions extends RunSurroundings {
  /** Run folder to write. */
  readonly folder: string;
}

/**
 * Runs an experiment from its file's contents to its report: validation, dataset, teacher outputs, training, baseline,
 * evaluation. Writes the run folder and tells every step through `onEvent`.
 *
 * @throws BadInputError with every problem, before anything is written
 * @throws DistilleryError when training itself fails; the run folder then says so
 */
export async function runExperiment(value: unknown, options: RunOptions): Promise<RunResult> {
  const written = parseExperiment(value);
  const startedAt = new Date().toISOString();
  // Before long checks, and before a process that lost the race for the folder writes anything.
  refuseTaken(options.folder);
  // Devices are tried in another process, beside the checks.
  const refused = new AbortController();
  const choosing = chooseTrainingDevice(written, written.device, { signal: refused.signal });
  // It is looked at after the checks, and not at all where they refuse the experiment.
  choosing.catch(() => undefined);
  const prepared = await prepareRun(written, options).catch((error: unknown) => {
    refused.abort();
    throw error;
  });
  const { experiment } = prepared;
  try {
    const id = basename(options.folder);
    const name = experiment.name ?? id;
    const { baseDirectory } = options;
    const status = {
      id,
      name,
      state: 'running',
      startedAt,
      baseDirectory,
      models: namedModels(written),
      processId: process.pid,
      progress: 0,
    } as const;
    const before = RunJournal.firstFiles(options.baseDirectory);
    const folder = await RunFolder.create(options.folder, written, status, before);
    const journal = RunJournal.begin(folder, options.baseDirectory);
    const log = logToTensorboard(folder.file('tensorboard'), written);
    const recorder = new RunRecorder(folder, experiment, log, () => journal.seconds);
    const onEvent = (event: RunEvent): void => {
      recorder.record(event);
      options.onEvent(event);
    };
    onEvent({ kind: 'started', id, name, folder: options.folder, startedAt });
    const run = { ...options, id, name, experiment, written, prepared, folder, journal, choosing, onEvent };
    tellPrepared(run);
    for (const problem of prepared.warnings) onEvent({ kind: 'warning', problem });
    return await recordRun(run, recorder);
  } finally {
    await prepared.dataset.dispose();
  }
}

/**
 * Checks everything that can be checked before the first step, and tells how that goes. Where processes share a run, what lies at sites is checked
 * there.
 */
export function prepareRun(
  experiment: Experiment,
  {
    baseDirectory,
    shared,
    datasets,
    signal,
    onEvent,
    isSiteHere = () => shared === undefined,
  }: Omit<RunOptions, 'folder' | 'cacheFolder'> & Pick<PreflightOptions, 'isSiteHere'>,
): Promise<Prepared> {
  onEvent({ kind: 'phase', phase: 'preflight', message: 'Checks the experiment' });
  return preflight(experiment, {
    baseDirectory,
    signal,
    datasets,
    isSiteHere,
    onProgress: (done, total) => {
      onEvent({ kind: 'progress', phase: 'dataset', done, total });
    },
    onTrying: (done, total) => {
      onEvent({ kind: 'progress', phase: 'preflight', done, total });
    },
  });
}
