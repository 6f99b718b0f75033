import { join } from 'node:path';
import { makeFolder } from '../platform/makeFolder.ts';
import { BadInputError, isCancellation } from '../errors.ts';
import { parseExperiment } from '../experiment/parseExperiment.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { SearchOptions } from '../experiment/schema/search.ts';
import { optunaJournal } from '../interchange/optuna/optunaJournal.ts';
import { writeAtomically } from '../platform/writeAtomically.ts';
import { writingError } from '../platform/writingError.ts';
import { reportLanguage } from '../rendering/reportLanguage.ts';
import { prepareRun } from '../run/runExperiment.ts';
import { RunLease } from '../runFolder/runLease.ts';
import { searchFiles, trialFolder } from '../runFolder/searchFolder.ts';
import { aimsOf, type Aim } from './aims.ts';
import { omit } from './omit.ts';
import { conductTrials } from './conductTrials.ts';
import type { EndedBy } from './decideJob.ts';
import type { Job } from './jobs.ts';
import { optunaEvents } from './optunaEvents.ts';
import { renderSearch } from './page/renderSearch.ts';
import { identityHash, SearchJournal } from './searchJournal.ts';
import { resultOf, type SearchFacts, type SearchResult } from './searchResult.ts';
import { sharedTeacher, trainSharedTeacher } from './shareTeacher.ts';
import { experimentAt, readSpace } from './space/readSpace.ts';
import type { Space } from './space/parameter.ts';
import type { TrialWork } from './trials/trial.ts';
import { chooseStrategy, type ChosenStrategy } from './strategies/chooseStrategy.ts';
import { inThisProcess, TrialProcesses, type TrialRunner } from './trials/trialProcesses.ts';

/** What a search tells while it goes. */
export type SearchEvent =
  | { readonly kind: 'note'; readonly message: string }
  | { readonly kind: 'begun'; readonly job: Job }
  | { readonly kind: 'ended'; readonly job: Job; readonly result: SearchResult };

export interface RunSearchOptions {
  /** Folder of the search; one that was interrupted in it goes on. */
  readonly folder: string;
  /** Folder that relative paths of the experiment start from. */
  readonly baseDirectory: string;
  /** Folder for outputs of teachers, which all trials share; by default one in the folder of the search. */
  readonly cacheFolder?: string | undefined;
  /** Trials at once; with more than one, each in a process of its own. */
  readonly atOnce: number;
  /** Of its page and of the trials' reports, as VS Code names languages; English by default. */
  readonly language?: string | undefined;
  /** Aborting stops within a second; the search can go on. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: SearchEvent) => void;
}

/**
 * Searches for the best student, as the section `search` of an experiment says. Each trial is an ordinary run folder; the search
 * can go on after it was stopped or killed at any moment, and ends like one that was not, as long as no time decides.
 *
 * @param value contents of the experiment file
 * @throws BadInputError with every problem of the experiment, before anything is written
 * @throws DistilleryError `BAD_INPUT` when the folder holds another search, or another process is at it
 */
export async function runSearch(value: unknown, options: RunSearchOptions): Promise<SearchResult> {
  const { atOnce } = options;
  const runner = atOnce === 1 ? inThisProcess() : new TrialProcesses(atOnce);
  try {
    return await searchWith(runner, value, options);
  } finally {
    await runner.dispose();
  }
}

async function searchWith(runner: TrialRunner, value: unknown, options: RunSearchOptions): Promise<SearchResult> {
  const prepared = await prepareSearch(value, options);
  const { folder, atOnce, baseDirectory } = options;
  const lease = await takeFolder(folder);
  try {
    const journal = await SearchJournal.open(folder, { experiment: identityOf(prepared), atOnce, baseDirectory });
    try {
      await writeAtomically(join(folder, searchFiles.experiment), `${JSON.stringify(value, null, 2)}\n`);
      return await conduct(prepared, journal, runner, options);
    } finally {
      await journal.close();
    }
  } finally {
    lease.release();
  }
}

/** The hash of everything with which a search goes on. */
export function identityOf({ experiment, search, strategy }: PreparedSearch): string {
  const { limits, trials, ...asked } = search;
  const isWhole = strategy.name === 'nsga2';
  return identityHash([experiment, { ...asked, limits: omit(limits, 'minutes'), ...(isWhole && { trials }) }]);
}

export interface PreparedSearch {
  readonly name: string;
  /** With every default filled in, without its search. */
  readonly experiment: Omit<Experiment, 'search' | 'runner'>;
  readonly search: SearchOptions;
  readonly space: Space;
  readonly aims: readonly Aim[];
  readonly strategy: ChosenStrategy;
}

/** Everything that can be found out about a search before its first trial. */
export async function prepareSearch(
  value: unknown,
  options: Pick<RunSearchOptions, 'baseDirectory' | 'signal'>,
): Promise<PreparedSearch> {
  const { search, ...parsed } = omit(parseExperiment(value), 'runner');
  if (!search) {
    throw new BadInputError([
      {
        where: 'search',
        message: 'is missing, so that there is nothing to search',
        hint: 'Name the fields to search in "search": { "space": { … } }.',
      },
    ]);
  }
  const prepared = await prepareRun(parsed, { ...options, onEvent: () => undefined });
  await prepared.dataset.dispose();
  // Searched fields of the objective are fields of the one that is chosen where the file names none.
  const experiment = { ...parsed, objective: [...prepared.objective] } as Omit<Experiment, 'search' | 'runner'>;
  const space = readSpace(search, experiment);
  const hasAccuracy = ['classification', 'multi-label', 'token-classification'].includes(prepared.dataset.task.kind);
  const aims = aimsOf(search, hasAccuracy);
  const searchesEpochs = space.some(({ name }) => name === 'training.epochs');
  const named = experiment.training.epochs;
  // Trials whose length the validation loss decides have no number of epochs to halve.
  const epochs = searchesEpochs || named === 'auto' ? undefined : named;
  const strategy = chooseStrategy(search, space, { aims: aims.length, epochs });
  return { name: parsed.name ?? 'search', experiment, search, space, aims, strategy };
}

async function takeFolder(folder: string): Promise<RunLease> {
  try {
    await makeFolder(folder);
    return RunLease.take(folder);
  } catch (error) {
    throw writingError(folder, error, { code: 'BAD_INPUT', hint: 'Name a folder with --out that can be written to.' });
  }
}

async function conduct(
  prepared: PreparedSearch,
  journal: SearchJournal,
  runner: TrialRunner,
  options: RunSearchOptions,
): Promise<SearchResult> {
  const { search, space, aims, strategy } = prepared;
  const { folder, atOnce, signal, onEvent } = options;
  const cacheFolder = options.cacheFolder ?? join(folder, searchFiles.cache);
  const facts = factsOf(prepared, atOnce);
  const note = (message: string): void => {
    onEvent({ kind: 'note', message });
  };
  // Whoever looks at it before the first trial has ended finds it going on.
  await writeSearch(facts, journal.jobs, null, options);
  note(strategy.message);
  const known = journal.jobs.filter(({ end }) => end).length;
  if (journal.jobs.length > 0)
    note(`Goes on after ${known} ${known === 1 ? 'job' : 'jobs'} of a search that was interrupted.`);
  if (aims.some((aim) => aim.name === 'latencyMs') || search.limits.latencyMs !== undefined) {
    note('Latency differs a little whenever it is measured, so that the same seed may come to other trials.');
  }
  const experiment = await forTrials(prepared, { ...options, cacheFolder }, note);
  if (!experiment) return finish(facts, journal.jobs, 'stopped', options);
  const { jobs, endedBy } = await conductTrials({
    space,
    aims,
    propose: strategy.propose,
    trials: search.trials,
    atOnce,
    seed: prepared.experiment.training.seed,
    before: journal.jobs,
    mayBegin: () => journal.minutes < (search.limits.minutes ?? Infinity),
    onBegin: async (job) => {
      await journal.begin(job);
      onEvent({ kind: 'begun', job });
    },
    onEnd: async (all, job) => {
      if (job.end) await journal.end(job, job.end);
      onEvent({ kind: 'ended', job, result: await writeSearch(facts, all, null, options) });
    },
    run: (job) => runner.run(workOf(prepared, experiment, job, { ...options, cacheFolder }), signal),
    signal,
  });
  return finish(facts, jobs, endedBy, options);
}

/** What the result of a search says of how it searches. */
export function factsOf({ name, search, space, aims, strategy }: PreparedSearch, atOnce: number): SearchFacts {
  return { name, strategy: strategy.name, space, aims, limits: search.limits, mostTrials: search.trials, atOnce };
}

/** What is to be done for a job. @param experiment that trials are made of */
export function workOf(
  { name, search, space }: PreparedSearch,
  experiment: unknown,
  job: Job,
  {
    folder,
    baseDirectory,
    cacheFolder,
    language,
  }: Pick<RunSearchOptions, 'folder' | 'baseDirectory' | 'cacheFolder' | 'language'>,
): TrialWork {
  return {
    folder: join(folder, trialFolder(job.trial)),
    experiment: { ...experimentAt(experiment, space, job.point), name: `${name} ${job.trial}` },
    baseDirectory,
    cacheFolder,
    language,
    epochs: job.epochs,
    limits: search.limits,
  };
}

/** The experiment that trials are made of; undefined when the search was stopped before there was one. */
export async function forTrials(
  { experiment, space }: PreparedSearch,
  options: Pick<RunSearchOptions, 'folder' | 'baseDirectory' | 'cacheFolder' | 'signal'>,
  note: (message: string) => void,
): Promise<unknown> {
  // The same student without its teacher is trained once one is chosen, with `distillery run`.
  const ofTrial = { ...experiment, baseline: false, repeats: 1, folds: undefined };
  if (experiment.baseline || experiment.repeats > 1 || experiment.folds !== undefined) {
    note('Trials are run without a baseline and once each; run the best trial as an experiment for these.');
  }
  const teacher = sharedTeacher(experiment, space);
  if (!teacher) return ofTrial;
  note('Trains the teacher, which all trials share.');
  try {
    const folder = join(options.folder, searchFiles.teacher);
    const model = await trainSharedTeacher(teacher, { ...options, folder, onEvent: () => undefined });
    return { ...ofTrial, teacher: { model } };
  } catch (error) {
    if (options.signal.aborted && isCancellation(error)) return undefined;
    throw error;
  }
}

async function finish(
  facts: SearchFacts,
  jobs: readonly Job[],
  endedBy: EndedBy,
  options: RunSearchOptions,
): Promise<SearchResult> {
  return writeSearch(facts, jobs, endedBy, options);
}

/** Writes what is known so far. What goes on when it is asked to does not say that it has ended. */
export async function writeSearch(
  facts: SearchFacts,
  jobs: readonly Job[],
  endedBy: EndedBy | null,
  { folder, language }: Pick<RunSearchOptions, 'folder' | 'language'>,
): Promise<SearchResult> {
  const result = resultOf(facts, jobs, endedBy);
  await writeAtomically(join(folder, searchFiles.result), `${JSON.stringify(result, null, 2)}\n`);
  await writeAtomically(join(folder, searchFiles.page), renderSearch(result, reportLanguage(language)));
  await writeAtomically(join(folder, searchFiles.optuna), optunaJournal(optunaEvents(facts, jobs, endedBy)));
  return result;
}
