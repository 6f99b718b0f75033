import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { DatasetShelf } from '../../data/datasetShelf.ts';
import { messageOf } from '../../errors.ts';
import { forkProgram } from '../../platform/processes/childProgram.ts';
import { runTrial } from './runTrial.ts';
import type { TrialRequest } from './trialProcess.ts';
import type { TrialResult, TrialWork } from './trial.ts';

/** Does trials, as many at once as it was made for. */
export interface TrialRunner {
  run(work: TrialWork, signal: AbortSignal): Promise<TrialResult>;
  /** Ends what it started. No trial runs any more. */
  dispose(): Promise<void>;
}

/** One trial at a time, in this process. */
export function inThisProcess(): TrialRunner {
  const datasets = new DatasetShelf();
  return { run: (work, signal) => runTrial(work, signal, datasets), dispose: () => datasets.dispose() };
}

/**
 * Trials in processes of their own, each with its share of the processor's cores: ONNX Runtime keeps the thread that it is called
 * from, and one that crashes takes only its trial with it.
 */
export class TrialProcesses implements TrialRunner {
  readonly #atOnce: number;
  readonly #idle: ChildProcess[] = [];
  readonly #all = new Set<ChildProcess>();

  /** Starts as many as there are cores for, so that they load while the search is being prepared. */
  constructor(atOnce: number) {
    this.#atOnce = atOnce;
    for (let count = 0; count < Math.min(atOnce, availableParallelism()); count++) this.#idle.push(this.#start());
  }

  async run(work: TrialWork, signal: AbortSignal): Promise<TrialResult> {
    const child = this.#takeIdle() ?? this.#start();
    const send = (request: TrialRequest): void => {
      if (child.connected) child.send(request);
    };
    const stop = (): void => {
      send({ kind: 'stop' });
    };
    const listening = new AbortController();
    signal.addEventListener('abort', stop, { once: true, signal: listening.signal });
    try {
      const answered = this.#answerOf(child, listening.signal);
      send({ kind: 'run', work, atOnce: this.#atOnce });
      if (signal.aborted) stop();
      const result = await answered;
      if (child.connected) this.#idle.push(child);
      // A process that ended while everything was being stopped was ended by that.
      return signal.aborted && result.state === 'failed' ? { state: 'stopped' } : result;
    } finally {
      listening.abort();
    }
  }

  /** What a process says of the trial that it is asked for; that it failed where it ends without a word, or could not be started. */
  #answerOf(child: ChildProcess, signal: AbortSignal): Promise<TrialResult> {
    const failed = (how: string): TrialResult => ({
      state: 'failed',
      problems: [{ where: 'trial', message: `The process of the trial ended (${how}).` }],
      figures: null,
    });
    return Promise.race([
      once(child, 'message', { signal }).then(([answer]: unknown[]) => answer as TrialResult),
      once(child, 'exit', { signal }).then(([code, killedBy]: (number | string | null)[]) =>
        failed(killedBy == null ? `exit code ${code ?? '?'}` : String(killedBy)),
      ),
    ]).catch((error: unknown) => failed(messageOf(error)));
  }

  dispose(): Promise<void> {
    for (const child of this.#all) if (child.connected) child.disconnect();
    return Promise.resolve();
  }

  /** One that has not ended meanwhile. */
  #takeIdle(): ChildProcess | undefined {
    let child = this.#idle.pop();
    while (child && !(child.connected && this.#all.has(child))) child = this.#idle.pop();
    return child;
  }

  #start(): ChildProcess {
    const child = forkProgram('trialProcess', import.meta.url, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    this.#all.add(child);
    child.once('exit', () => this.#all.delete(child));
    // It may be gone when it is asked for something, or never have been there: whoever waits for it is told.
    child.on('error', () => this.#all.delete(child));
    return child;
  }
}
