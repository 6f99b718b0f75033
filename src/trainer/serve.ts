import { DistilleryError, messageOf, problemsOfError } from '../errors.ts';
import type { resumeRun } from '../run/resumeRun.ts';
import type { runExperiment } from '../run/runExperiment.ts';
import type { RunRequest, TrainerOutcome } from '../protocol/trainer.ts';
import { sharedCache } from '../platform/sharedFolder.ts';
import { HostConnections } from './hostConnections.ts';

export interface TrainerOptions {
  readonly run: typeof runExperiment;
  readonly resume: typeof resumeRun;
  /** Socket or named pipe to listen at. */
  readonly endpoint: string;
  /** How long the process goes on without any host, so that a window may reload. */
  readonly graceMs: number;
  /** How long a cancelled run may take to stop. */
  readonly stopMs: number;
  /** Aborting cancels the run. */
  readonly signal: AbortSignal;
  /** Takes what belongs in the log: errors with where they were raised, and lines that are no requests. */
  readonly log: (text: string) => void;
}

/**
 * Serves one run to the hosts that connect to `endpoint`: the first `run` or `resume` request starts it, `cancel` stops it, and so
 * does the absence of every host for `graceMs`. Settles when the run is over and every host was told.
 *
 * @throws DistilleryError when a cancelled run does not stop within `stopMs`
 */
export async function serveTrainer(options: TrainerOptions): Promise<void> {
  const { signal, stopMs } = options;
  const hosts = await HostConnections.listen(options);
  signal.addEventListener('abort', () => {
    hosts.cancel();
  });
  try {
    const request = await hosts.runRequest;
    if (!request) return;
    const outcome = await Promise.race([outcomeOf(options, request, hosts), overdue(hosts.cancelled, stopMs)]);
    hosts.tell({ kind: 'ended', outcome });
  } finally {
    await hosts.close();
  }
}

async function outcomeOf(
  { run, resume, log }: Pick<TrainerOptions, 'run' | 'resume' | 'log'>,
  request: RunRequest,
  { cancelled: signal, pause }: Pick<HostConnections, 'cancelled' | 'pause'>,
): Promise<TrainerOutcome> {
  // Hosts read events from the run folder, which a later window can do as well.
  const { folder } = request;
  const { memory, language } = request;
  const options = {
    folder,
    cacheFolder: sharedCache(folder),
    memory,
    language,
    signal,
    pause,
    onEvent: () => undefined,
  };
  try {
    const { state } =
      request.kind === 'resume'
        ? await resume(options)
        : await run(request.experiment, { ...options, baseDirectory: request.baseDirectory });
    return { state };
  } catch (error) {
    const problems = problemsOfError(error, 'training');
    log(error instanceof Error ? (error.stack ?? error.message) : messageOf(error));
    return { state: 'failed', problems };
  }
}

/** Rejects when a run goes on for `stopMs` after it was cancelled. */
function overdue(cancelled: AbortSignal, stopMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    cancelled.addEventListener('abort', () => {
      setTimeout(() => {
        reject(new DistilleryError('INTERNAL', `The run did not stop within ${stopMs} ms after it was cancelled.`));
      }, stopMs).unref();
    });
  });
}
