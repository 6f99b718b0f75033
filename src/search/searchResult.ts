import type { Problem } from '../errors.ts';
import { trialFolder } from '../runFolder/searchFolder.ts';
import type { SearchOptions } from '../experiment/schema/search.ts';
import type { Aim } from './aims.ts';
import { valuesToMinimize } from './aims.ts';
import type { EndedBy } from './decideJob.ts';
import { importanceOf } from './importance.ts';
import { jobsByTrial, type Job } from './jobs.ts';
import { searchedField, type SearchedField } from './space/searchedField.ts';
import { valueOf, type Point, type Space } from './space/parameter.ts';
import { paretoFronts } from './strategies/pareto.ts';
import type { TrialFigures } from './trials/trial.ts';

/** A trial in `search.json`. */
export interface TrialOutcome extends Record<keyof TrialFigures, number | null> {
  readonly number: number;
  /** Its run folder, from that of the search on; there is none where it was refused before it was trained. */
  readonly folder: string;
  readonly state: 'running' | 'paused' | 'finished' | 'refused' | 'failed';
  /** Why it was stopped before its end, refused or failed. */
  readonly reason: string | null;
  /** The searched fields, by their path. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Of the student's best epoch on the validation split; null where there is none. */
  readonly accuracy: number | null;
  readonly loss: number | null;
  /** Epochs that the student was trained. */
  readonly epochs: number;
  readonly seconds: number;
  /** Whether no other finished trial is better in one aim and not worse in any. */
  readonly isOnFront: boolean;
}

/** `search.json`. */
export interface SearchResult {
  readonly version: 1;
  readonly name: string;
  readonly strategy: string;
  readonly aims: readonly Aim[];
  readonly limits: SearchOptions['limits'];
  readonly atOnce: number;
  /** Trials that there are to be, at most; 0 where a search of an older version does not say. */
  readonly mostTrials: number;
  /** What is searched; of searches of older versions that is not known. */
  readonly space: readonly SearchedField[];
  /** Null while it goes. */
  readonly endedBy: EndedBy | null;
  /** Numbers of the finished trials that no other one beats, the best in the first aim first. */
  readonly front: readonly number[];
  /** How much each searched field decides about the first aim, as shares of 1, the most important first; empty with few trials. */
  readonly importance: readonly { readonly name: string; readonly share: number }[];
  readonly trials: readonly TrialOutcome[];
}

export interface SearchFacts {
  readonly name: string;
  readonly strategy: string;
  readonly space: Space;
  readonly aims: readonly Aim[];
  readonly limits: SearchOptions['limits'];
  readonly mostTrials: number;
  readonly atOnce: number;
}

/** What a search came to, as far as it is. */
export function resultOf(facts: SearchFacts, jobs: readonly Job[], endedBy: EndedBy | null): SearchResult {
  const { space, name, strategy, aims, limits, mostTrials, atOnce } = facts;
  const described = [...jobsByTrial(jobs)].map(([number, own]) => describe(number, own, facts, endedBy));
  const finished = described.filter(
    ({ outcome, toMinimize }) => outcome.state === 'finished' && toMinimize.every(Number.isFinite),
  );
  const [best = []] = paretoFronts(
    finished.map(({ outcome, toMinimize }) => ({ number: outcome.number, values: toMinimize })),
  );
  const front = best
    .toSorted((one, other) => (one.values[0] ?? 0) - (other.values[0] ?? 0) || one.number - other.number)
    .map(({ number }) => number);
  return {
    version: 1,
    name,
    strategy,
    aims,
    limits,
    atOnce,
    mostTrials,
    space: space.map(searchedField),
    endedBy,
    front,
    importance: importanceOf(
      space,
      finished.map(({ point, toMinimize: [value = NaN] }) => ({ point, value })),
    ),
    trials: described.map(({ outcome }) => ({ ...outcome, isOnFront: front.includes(outcome.number) })),
  };
}

function describe(number: number, jobs: readonly Job[], { space, aims }: SearchFacts, endedBy: EndedBy | null) {
  const point: Point = jobs[0]?.point ?? {};
  const ended = jobs.findLast(({ end }) => end)?.end?.result;
  const state = jobs.every(({ end }) => end) && ended ? ended.state : 'running';
  const epochs = ended && 'epochs' in ended ? ended.epochs : [];
  const figures = ended?.figures ?? null;
  const best = epochs.findLast((epoch) => epoch.best);
  const last = epochs.at(-1)?.epoch ?? 0;
  const reason =
    ended && 'problems' in ended
      ? ended.problems.map(sentence).join(' ')
      : state === 'paused'
        ? reasonOfPause(last, endedBy)
        : null;
  const values = space.flatMap((parameter) => {
    const value = point[parameter.name];
    return value === undefined ? [] : [[parameter.name, valueOf(parameter, value)] as const];
  });
  const outcome = {
    number,
    folder: trialFolder(number),
    state,
    reason,
    values: Object.fromEntries(values),
    accuracy: best?.accuracy ?? null,
    loss: best?.loss ?? null,
    parameters: figures?.parameters ?? null,
    macs: figures?.macs ?? null,
    bytes: figures?.bytes ?? null,
    latencyMs: figures?.latencyMs ?? null,
    epochs: last,
    seconds: Math.round(jobs.reduce((sum, { end }) => sum + (end?.seconds ?? 0), 0) * 100) / 100,
  } as const;
  return { outcome, point, toMinimize: valuesToMinimize(aims, epochs, figures) };
}

function reasonOfPause(epochs: number, endedBy: EndedBy | null): string {
  const after = `after ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`;
  switch (endedBy) {
    case null:
    case 'stopped':
      return `Waits ${after} for others to be compared with.`;
    case 'minutes':
      return `The search's time was up ${after}.`;
    case 'trials':
    case 'space':
    case 'refusals':
      return `Not among the best ${after}.`;
  }
}

function sentence({ where, message }: Problem): string {
  const text = where === 'trial' || where.startsWith('search.limits') ? message : `${where}: ${message}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
