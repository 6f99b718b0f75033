import type { DatasetShelf } from '../../data/datasetShelf.ts';
import { DistilleryError, problemsOfError } from '../../errors.ts';
import { parseExperiment } from '../../experiment/parseExperiment.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { resumeRun } from '../../run/resumeRun.ts';
import { prepareRun, runExperiment } from '../../run/runExperiment.ts';
import { readCurveEvents, readReport } from '../../runFolder/readRun.ts';
import { standingOf } from '../../runFolder/standing.ts';
import { brokenLimits, hasLimits } from './limits.ts';
import { measureStudent } from './measureStudent.ts';
import type { TrialEpoch, TrialFigures, TrialResult, TrialWork } from './trial.ts';

/**
 * Does a trial: an ordinary run, which pauses after so many epochs where that is asked. What was done of it before, by whatever
 * process, is not repeated. Its limits are checked before it is trained, and once more at the end.
 *
 * Never throws: what goes wrong is the result.
 *
 * @param datasets where the opened data of trials before it are, in the same process
 */
export async function runTrial(work: TrialWork, signal: AbortSignal, datasets?: DatasetShelf): Promise<TrialResult> {
  let figures: TrialFigures | null = null;
  try {
    const stored = await storedResult(work, signal, datasets);
    if (stored) return stored;
    if (hasLimits(work.limits)) {
      figures = await measure(work, signal, datasets);
      const broken = brokenLimits(work.limits, figures);
      if (broken.length > 0) return { state: 'refused', problems: broken, figures };
    }
    const pause = new AbortController();
    const onEvent = (event: RunEvent): void => {
      if (pausesAfter(event, work.epochs)) pause.abort();
    };
    const options = { ...work, datasets, signal: AbortSignal.any([signal, pause.signal]), onEvent };
    const { state } =
      standingOf(work.folder) === 'begun' ? await resumeRun(options) : await runExperiment(work.experiment, options);
    if (state === 'finished') return await finished(work);
    return pause.signal.aborted ? { state: 'paused', epochs: await epochsOf(work), figures } : { state: 'stopped' };
  } catch (error) {
    if (signal.aborted) return { state: 'stopped' };
    const state = error instanceof DistilleryError && isRefusal(error) ? 'refused' : 'failed';
    return { state, problems: problemsOfError(error, 'trial'), figures };
  }
}

/** What a trial came to that another process did before this one; undefined where there is something to do. */
async function storedResult(
  work: TrialWork,
  signal: AbortSignal,
  datasets: DatasetShelf | undefined,
): Promise<TrialResult | undefined> {
  const standing = standingOf(work.folder);
  if (standing === 'finished') return finished(work);
  const epochs = await epochsOf(work);
  const isPaused = work.epochs !== null && standing === 'begun' && (epochs.at(-1)?.epoch ?? 0) >= work.epochs;
  if (!isPaused) return undefined;
  return { state: 'paused', epochs, figures: hasLimits(work.limits) ? await measure(work, signal, datasets) : null };
}

async function finished(work: TrialWork): Promise<TrialResult> {
  const { student } = await readReport(work.folder);
  const { parameters, macs, bytes } = student;
  const figures = { parameters, macs, bytes, latencyMs: (student.cpuSpeed ?? student).latencyMs.p50 };
  const broken = brokenLimits(work.limits, figures);
  if (broken.length > 0) return { state: 'refused', problems: broken, figures };
  return { state: 'finished', epochs: await epochsOf({ ...work, epochs: null }), figures };
}

async function measure(
  work: TrialWork,
  signal: AbortSignal,
  datasets: DatasetShelf | undefined,
): Promise<TrialFigures> {
  const experiment = parseExperiment(work.experiment);
  const prepared = await prepareRun(experiment, { ...work, datasets, signal, onEvent: () => undefined });
  try {
    return await measureStudent(experiment, prepared, work.limits.latencyMs !== undefined);
  } finally {
    await prepared.dataset.dispose();
  }
}

function pausesAfter(event: RunEvent, epochs: number | null): boolean {
  return event.kind === 'epoch' && event.network === 'student' && epochs !== null && event.epoch >= epochs;
}

/** The student's epochs, no further than the trial was to go. A run that went on from a checkpoint may tell one twice. */
async function epochsOf({
  folder,
  epochs: most,
}: Pick<TrialWork, 'folder' | 'epochs'>): Promise<readonly TrialEpoch[]> {
  const found = new Map<number, TrialEpoch>();
  for (const event of await readCurveEvents(folder)) {
    if (event.kind !== 'epoch' || event.network !== 'student' || event.epoch > (most ?? Infinity)) continue;
    const { epoch, best, validation } = event;
    found.set(epoch, { epoch, best, accuracy: validation.accuracy, loss: validation.loss });
  }
  return [...found.values()];
}

function isRefusal({ code }: DistilleryError): boolean {
  return code === 'BAD_INPUT' || code === 'UNSUPPORTED';
}
