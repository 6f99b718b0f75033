import { basename } from 'node:path';
import type { RunEvent } from '../protocol/events.ts';
import { conductRun } from './conductRun.ts';
import { parseExperiment } from './parseExperiment.ts';
import { preflight, type Prepared } from './preflight.ts';
import { RunFolder } from './runFolder.ts';
import { RunJournal } from './runJournal.ts';
import { RunRecorder } from './runRecorder.ts';
import type { RunResult } from './runResult.ts';
import type { Experiment } from './schema.ts';

export interface RunOptions {
  /** Run folder to write. */
  readonly folder: string;
  /** Folder that relative paths of the experiment start from. */
  readonly baseDirectory: string;
  /** Folder for outputs of teachers, unless the experiment names one; without either nothing is kept. */
  readonly cacheFolder?: string | undefined;
  /** Bytes of memory that what teachers and extractors say of the samples may take; by default a share of what there is. */
  readonly memory?: number | undefined;
  /** Aborting stops the run within a second and keeps the best student so far. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Runs an experiment from its file's contents to its report: validation, dataset, teacher outputs, training, baseline,
 * evaluation. Writes the run folder and tells every step through `onEvent`.
 *
 * @throws BadInputError with every problem, before anything is written
 * @throws DistilleryError when training itself fails; the run folder then says so
 */
export async function runExperiment(value: unknown, options: RunOptions): Promise<RunResult> {
  const experiment = parseExperiment(value);
  const startedAt = new Date().toISOString();
  const prepared = await prepareRun(experiment, options);
  try {
    const id = basename(options.folder);
    const name = experiment.name ?? id;
    const status = { id, name, state: 'running', startedAt, processId: process.pid, progress: 0 } as const;
    const folder = await RunFolder.create(options.folder, experiment, status);
    const journal = await RunJournal.begin(folder, options.baseDirectory);
    const recorder = new RunRecorder(folder, experiment);
    const onEvent = (event: RunEvent): void => {
      recorder.record(event);
      options.onEvent(event);
    };
    onEvent({ kind: 'started', id, name, folder: options.folder, startedAt });
    for (const message of prepared.matching.flatMap(({ notes }) => notes))
      onEvent({ kind: 'phase', phase: 'preflight', message });
    for (const problem of prepared.warnings) onEvent({ kind: 'warning', problem });
    return await conductRun({ ...options, id, name, experiment, prepared, folder, journal, onEvent }, recorder);
  } finally {
    await prepared.dataset.dispose();
  }
}

/** Checks everything that can be checked before the first step, and tells how that goes. */
export function prepareRun(
  experiment: Experiment,
  { baseDirectory, signal, onEvent }: Omit<RunOptions, 'folder' | 'cacheFolder'>,
): Promise<Prepared> {
  onEvent({ kind: 'phase', phase: 'preflight', message: 'Checks the experiment' });
  return preflight(experiment, {
    baseDirectory,
    signal,
    onProgress: (done, total) => {
      onEvent({ kind: 'progress', phase: 'dataset', done, total });
    },
  });
}
