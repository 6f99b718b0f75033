import { basename } from 'node:path';
import { DistilleryError, messageOf } from '../errors.ts';
import { renderHtml } from '../evaluation/renderHtml.ts';
import { softTreeSection } from '../evaluation/softTree/softTreeSection.ts';
import type { RunEvent } from '../protocol/events.ts';
import { distill } from './distill.ts';
import { parseExperiment } from './parseExperiment.ts';
import { preflight } from './preflight.ts';
import { readSoftTree } from './readRun.ts';
import { RunFolder } from './runFolder.ts';
import { writeAtomically } from '../writeAtomically.ts';
import { RunProgress } from './runProgress.ts';
import { RunRecorder } from './runRecorder.ts';
import type { RunResult } from './runResult.ts';

export interface RunOptions {
  /** Run folder to write. */
  readonly folder: string;
  /** Folder that relative paths of the experiment start from. */
  readonly baseDirectory: string;
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
  const { signal, baseDirectory } = options;
  const experiment = parseExperiment(value);
  const startedAt = new Date().toISOString();
  options.onEvent({ kind: 'phase', phase: 'preflight', message: 'Checks the experiment' });
  const prepared = await preflight(experiment, {
    baseDirectory,
    signal,
    onProgress: (done, total) => {
      options.onEvent({ kind: 'progress', phase: 'dataset', done, total });
    },
  });
  const id = basename(options.folder);
  const name = experiment.name ?? id;
  try {
    const status = { id, name, state: 'running', startedAt, processId: process.pid, progress: 0 } as const;
    const folder = await RunFolder.create(options.folder, experiment, status);
    const recorder = new RunRecorder(folder, new RunProgress(experiment));
    const tell = (event: RunEvent): void => {
      recorder.record(event);
      options.onEvent(event);
    };
    try {
      tell({ kind: 'started', id, name, folder: options.folder, startedAt });
      const result = await distill({ id, name, experiment, prepared, folder, baseDirectory, signal, onEvent: tell });
      if (result.report) {
        const tree = await readSoftTree(folder.path);
        const page = renderHtml(result.report, recorder.curveEvents, tree && (await softTreeSection(tree)));
        await writeAtomically(folder.file('reportHtml'), page);
      }
      tell(endOf(result));
      await folder.update({
        state: result.state,
        endedAt: new Date().toISOString(),
        ...(result.state === 'finished' && { progress: 1 }),
      });
      return result;
    } catch (error) {
      const problems = [{ where: name, message: messageOf(error), ...hintOf(error) }];
      folder.append({ kind: 'failed', problems });
      await folder.update({ state: 'failed', endedAt: new Date().toISOString(), problems });
      throw error;
    } finally {
      await folder.close();
    }
  } finally {
    await prepared.dataset.dispose();
  }
}

function endOf(result: RunResult): RunEvent {
  switch (result.state) {
    case 'finished':
      return { kind: 'finished', report: result.report };
    case 'cancelled':
      return {
        kind: 'cancelled',
        message: 'Stopped. The best student so far was kept.',
        ...(result.report && { report: result.report }),
      };
  }
}

function hintOf(error: unknown): { readonly hint?: string } {
  return error instanceof DistilleryError && error.hint !== undefined ? { hint: error.hint } : {};
}
