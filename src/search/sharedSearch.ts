import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DistilleryError } from '../errors.ts';
import { writeAtomically } from '../platform/writeAtomically.ts';
import { leaseStateOf, removeLeaseOfTask, RunLease } from '../runFolder/runLease.ts';
import { searchFiles, trialFolder } from '../runFolder/searchFolder.ts';
import { decideJob, reasonOfEnd, type EndedBy } from './decideJob.ts';
import type { Job } from './jobs.ts';
import {
  factsOf,
  forTrials,
  identityOf,
  prepareSearch,
  workOf,
  writeSearch,
  type PreparedSearch,
  type RunSearchOptions,
} from './runSearch.ts';
import { SearchJournal } from './searchJournal.ts';
import { resultOf, type SearchResult } from './searchResult.ts';
import { runTrial } from './trials/runTrial.ts';

/** How long a process waits for the folder, and for others' trials, before it looks again. */
const FOLDER_MS = 50;
const TRIAL_MS = 1000;
/** What people look at while the search goes on is written no more often. */
const PAGE_MS = 15_000;
/** A folder that was taken for so long may belong to a process that is gone. */
const PATIENCE_MS = 5000;

export interface SharedSearchOptions extends RunSearchOptions {
  /** Who this process is: the same when it is started anew after it was stopped or killed. */
  readonly by: string;
  /** Whether what another process took is free, because that process is gone, or waits to be started anew. */
  readonly isFree: (by: string) => Promise<boolean>;
  /** Whether this process does jobs until the search is over; otherwise it ends after the first that trained something. */
  readonly untilOver: boolean;
}

/** `done`: what this process was to do; `over`: all of it is done; `stopped`: by the signal, and it can go on. */
export type SharedEnd = 'done' | 'over' | 'stopped';

/**
 * Takes part in a search that any number of processes of any machines do together, over a file system that they share. Nobody conducts
 * them: whoever is free reads the journal, decides the next job by the same rule as `runSearch`, and notes that it is its own. So the
 * search comes to the same as one that a single process conducts, with as many trials at once.
 *
 * @param value contents of the experiment file
 * @throws BadInputError with every problem of the experiment
 */
export async function shareSearch(value: unknown, options: SharedSearchOptions): Promise<SharedEnd> {
  const { folder, signal, onEvent, by, untilOver } = options;
  const prepared = await prepareSearch(value, options);
  const cacheFolder = options.cacheFolder ?? join(folder, searchFiles.cache);
  await mkdir(folder, { recursive: true });
  // The teacher was trained before, and what else there is to say of the whole is not to be said by everybody.
  const experiment = await forTrials(prepared, { ...options, cacheFolder }, () => undefined);
  if (!experiment) return 'stopped';
  const shared = new SharedSearch(value, prepared, options);
  while (!signal.aborted) {
    const taken = await shared.take();
    if (taken === 'wait') {
      await sleep(TRIAL_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    if (taken === 'over') return 'over';
    onEvent({ kind: 'begun', job: taken });
    const startedAt = performance.now();
    const work = workOf(prepared, experiment, taken, { ...options, cacheFolder });
    const result = await runTrial(work, signal);
    if (result.state === 'stopped') return 'stopped';
    const end = { result, at: new Date().toISOString(), seconds: (performance.now() - startedAt) / 1000 };
    const ended = { ...taken, by, end };
    onEvent({ kind: 'ended', job: ended, result: await shared.end(ended) });
    if (!untilOver && result.state !== 'refused') return 'done';
  }
  return 'stopped';
}

class SharedSearch {
  readonly #value: unknown;
  readonly #prepared: PreparedSearch;
  readonly #options: SharedSearchOptions;

  constructor(value: unknown, prepared: PreparedSearch, options: SharedSearchOptions) {
    this.#value = value;
    this.#prepared = prepared;
    this.#options = options;
  }

  /** The job that this process does next. `wait`: others have to end before there is one; `over`: there is none any more. */
  take(): Promise<Job | 'wait' | 'over'> {
    const { by, isFree } = this.#options;
    return this.#withJournal(async (journal) => {
      const { jobs } = journal;
      // It was stopped in the middle of it.
      const own = jobs.find((job) => !job.end && job.by === by);
      if (own) return own;
      const decided = this.#decide(jobs);
      if (typeof decided === 'object') {
        await journal.begin(decided);
        await journal.claim(decided, by);
        return decided;
      }
      for (const job of jobs) {
        if (job.end || (job.by !== undefined && !(await isFree(job.by)))) continue;
        if (job.by !== undefined) removeLeaseOfTask(join(this.#options.folder, trialFolder(job.trial)), job.by);
        await journal.claim(job, by);
        return job;
      }
      if (decided === 'wait' || jobs.some(({ end }) => !end)) return 'wait';
      await this.#write(jobs, decided);
      return 'over';
    });
  }

  /** Notes how a job of this process ended, unless somebody else did it meanwhile. @returns what its trial came to */
  end(job: Job & Required<Pick<Job, 'end'>>): Promise<SearchResult> {
    return this.#withJournal(async (journal) => {
      const isKnown = journal.jobs[job.number]?.end !== undefined;
      if (!isKnown) await journal.end(job, job.end);
      const jobs = isKnown ? journal.jobs : journal.jobs.with(job.number, job);
      // With many trials it takes long, and others wait for the folder meanwhile.
      if (await this.#isPageOld()) await this.#write(jobs, null);
      const own = jobs.filter(({ trial }) => trial === job.trial);
      return resultOf(factsOf(this.#prepared, this.#options.atOnce), own, null);
    });
  }

  async #isPageOld(): Promise<boolean> {
    const written = await stat(join(this.#options.folder, searchFiles.result)).catch(() => undefined);
    return !written || Date.now() - written.mtimeMs > PAGE_MS;
  }

  #decide(jobs: readonly Job[]): Job | 'wait' | EndedBy {
    const { atOnce } = this.#options;
    const { search, experiment, space, aims, strategy } = this.#prepared;
    const rule = { space, aims, propose: strategy.propose, trials: search.trials, seed: experiment.training.seed };
    let isExhausted = false;
    for (let ended = Math.max(0, jobs.length - atOnce + 1); ended <= jobs.length; ended++) {
      if (jobs.slice(0, ended).some(({ end }) => !end)) return 'wait';
      if (minutesOf(jobs) >= (search.limits.minutes ?? Infinity)) return 'minutes';
      const decided = decideJob(jobs, ended, rule);
      isExhausted ||= decided.isExhausted;
      if (decided.job) return decided.job;
    }
    return reasonOfEnd(jobs, rule, isExhausted);
  }

  #write(jobs: readonly Job[], endedBy: EndedBy | null) {
    return writeSearch(factsOf(this.#prepared, this.#options.atOnce), jobs, endedBy, this.#options);
  }

  async #withJournal<Result>(work: (journal: SearchJournal) => Promise<Result>): Promise<Result> {
    const { folder, atOnce, baseDirectory } = this.#options;
    const lease = await this.#waitForFolder();
    try {
      const journal = await SearchJournal.open(folder, {
        experiment: identityOf(this.#prepared),
        atOnce,
        baseDirectory,
      });
      try {
        if (journal.jobs.length === 0) {
          const text = `${JSON.stringify(this.#value, null, 2)}\n`;
          await writeAtomically(join(folder, searchFiles.experiment), text);
        }
        return await work(journal);
      } finally {
        await journal.close();
      }
    } finally {
      lease.release();
    }
  }

  /** The folder is taken for the moments in which its journal is read and written. */
  async #waitForFolder(): Promise<RunLease> {
    const { folder, isFree } = this.#options;
    let since = performance.now();
    for (;;) {
      try {
        return RunLease.take(folder);
      } catch (error) {
        const state = leaseStateOf(folder);
        if (!(error instanceof DistilleryError) || error.code !== 'BAD_INPUT') throw error;
        if (state.kind === 'elsewhere' && performance.now() - since > PATIENCE_MS) {
          since = performance.now();
          const { task } = state.lease;
          if (task !== undefined && (await isFree(task))) removeLeaseOfTask(folder, task);
        }
      }
      await sleep(FOLDER_MS * (1 + Math.random()));
    }
  }
}

/** Minutes since the search began, on the clocks of the machines that take part. */
function minutesOf(jobs: readonly Job[]): number {
  const [first] = jobs;
  return first ? (Date.now() - Date.parse(first.beganAt)) / 60_000 : 0;
}
