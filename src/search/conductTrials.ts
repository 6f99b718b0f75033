import { decideJob, reasonOfEnd, type Decided, type EndedBy } from './decideJob.ts';
import type { Job, JobEnd } from './jobs.ts';
import type { TrialResult } from './trials/trial.ts';

export interface Conducted extends Decided {
  /** Trials at once. */
  readonly atOnce: number;
  /** What was decided and done before; those without an end are done now. */
  readonly before: readonly Job[];
  /** False when no further job may begin. */
  readonly mayBegin: () => boolean;
  /** Called before a job is done, and after it; what they throw ends the search. */
  readonly onBegin: (job: Job) => Promise<void>;
  readonly onEnd: (jobs: readonly Job[], job: Job) => Promise<void>;
  readonly run: (job: Job) => Promise<TrialResult>;
  readonly signal: AbortSignal;
}

/**
 * Does trials until there are enough. What is decided for a job follows from the seed and from how all jobs ended but the latest
 * `atOnce - 1`, whichever of them happen to be over: so a search is the same however fast its trials are, and when it
 * goes on after a kill.
 */
export async function conductTrials(
  options: Conducted,
): Promise<{ readonly jobs: readonly Job[]; readonly endedBy: EndedBy }> {
  const conductor = new Conductor(options);
  const endedBy = await conductor.conduct();
  return { jobs: conductor.jobs, endedBy };
}

class Conductor {
  readonly jobs: Job[];
  readonly #options: Conducted;
  readonly #running = new Map<number, Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #isExhausted = false;

  constructor(options: Conducted) {
    this.#options = options;
    this.jobs = [...options.before];
  }

  async conduct(): Promise<EndedBy> {
    let endedBy: EndedBy;
    try {
      endedBy = await this.#decideAndStart();
    } finally {
      await Promise.all(this.#running.values());
    }
    if (this.#failure) throw this.#failure.error;
    return endedBy;
  }

  /** Until there is nothing more to begin. */
  async #decideAndStart(): Promise<EndedBy> {
    for (const job of this.jobs) if (!job.end) this.#start(job);
    for (;;) {
      const decided = await this.#decide();
      if (typeof decided === 'string') return decided;
      this.jobs.push(decided);
      await this.#options.onBegin(decided);
      this.#start(decided);
    }
  }

  /** The next job, or why there is none. */
  async #decide(): Promise<Job | EndedBy> {
    const { atOnce, mayBegin, signal } = this.#options;
    const number = this.jobs.length;
    for (let ended = Math.max(0, number - atOnce + 1); ended <= number; ended++) {
      for (const job of this.jobs.slice(0, ended)) await this.#running.get(job.number);
      if (this.#failure) return 'stopped';
      if (signal.aborted) return 'stopped';
      if (!mayBegin()) return 'minutes';
      const { job, isExhausted } = decideJob(this.jobs, ended, this.#options);
      this.#isExhausted ||= isExhausted;
      if (job) return job;
    }
    return reasonOfEnd(this.jobs, this.#options, this.#isExhausted);
  }

  #start(job: Job): void {
    const running = this.#run(job).catch((error: unknown) => {
      this.#failure ??= { error };
    });
    this.#running.set(job.number, running);
  }

  async #run(job: Job): Promise<void> {
    const startedAt = performance.now();
    const result = await this.#options.run(job);
    if (result.state === 'stopped') return;
    const end: JobEnd = { result, at: new Date().toISOString(), seconds: (performance.now() - startedAt) / 1000 };
    const ended = { ...job, end };
    this.jobs[job.number] = ended;
    await this.#options.onEnd(this.jobs, ended);
  }
}
