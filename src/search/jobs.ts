import type { Aim } from './aims.ts';
import { valuesToMinimize } from './aims.ts';
import type { Point } from './space/parameter.ts';
import type { SeenTrial } from './strategies/strategy.ts';
import type { TrialResult } from './trials/trial.ts';

/** A trial begun or trained on: what a search does, one after the other. */
export interface Job {
  /** Counted from 0 in the order in which they were decided. */
  readonly number: number;
  readonly trial: number;
  /** Whether the trial is new. */
  readonly isFirst: boolean;
  readonly point: Point;
  /** Epochs after which the trial pauses; null for none. */
  readonly epochs: number | null;
  readonly beganAt: string;
  /** Who does it, where several processes share a search. */
  readonly by?: string;
  readonly end?: JobEnd;
}

export interface JobEnd {
  readonly result: Exclude<TrialResult, { readonly state: 'stopped' }>;
  readonly at: string;
  readonly seconds: number;
}

/** The jobs of each trial, by its number. */
export function jobsByTrial(jobs: readonly Job[]): ReadonlyMap<number, readonly Job[]> {
  const found = new Map<number, Job[]>();
  for (const job of jobs) found.set(job.trial, [...(found.get(job.trial) ?? []), job]);
  return found;
}

/** The trials as they are when the first `ended` jobs have ended and the others have not, however far those are. */
export function trialsSeen(jobs: readonly Job[], aims: readonly Aim[], ended: number): readonly SeenTrial[] {
  return [...jobsByTrial(jobs)].map(([number, own]) => seenTrial(number, own, aims, ended));
}

function seenTrial(number: number, jobs: readonly Job[], aims: readonly Aim[], ended: number): SeenTrial {
  const known = jobs.filter((job) => job.number < ended && job.end);
  const point = jobs[0]?.point ?? {};
  const rungs = new Map<number, number>();
  for (const { epochs, end } of known) {
    if (epochs === null || !end || !('epochs' in end.result)) continue;
    const reached = end.result.epochs.filter(({ epoch }) => epoch <= epochs);
    rungs.set(epochs, valuesToMinimize(aims, reached, end.result.figures)[0] ?? NaN);
  }
  const last = known.at(-1)?.end?.result;
  if (known.length < jobs.length || !last) return { number, point, state: 'running', values: [], rungs };
  const values = 'epochs' in last ? valuesToMinimize(aims, last.epochs, last.figures) : [];
  return { number, point, state: last.state, values, rungs };
}
