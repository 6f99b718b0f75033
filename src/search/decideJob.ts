import { randomStream } from '../data/random.ts';
import type { Aim } from './aims.ts';
import { trialsSeen, type Job } from './jobs.ts';
import { drawPoint } from './space/numbers.ts';
import { keyOf, type Space } from './space/parameter.ts';
import type { Proposal, Strategy } from './strategies/strategy.ts';

/** Proposals for one job that were tried before, until a point is drawn at random; and draws until the space counts as tried. */
const REPEATED = 20;
const DRAWN = 500;
/** Trials that are refused for each one that is trained, until the search gives up. */
const REFUSED = 20;

/** Why a search ended: all trials are done, the space has no more points, nearly all were refused, time was up, or it was stopped. */
export type EndedBy = 'trials' | 'space' | 'refusals' | 'minutes' | 'stopped';

/** What decides the jobs of a search beside those that were before. */
export interface Decided {
  readonly space: Space;
  readonly aims: readonly Aim[];
  readonly propose: Strategy;
  /** Trials that are trained, at most. */
  readonly trials: number;
  readonly seed: number;
}

/**
 * The job that comes after `jobs`, as it follows from how the first `ended` of them ended and from the seed: the same in whatever
 * process, and whenever. Undefined where nothing is to be done before more of them have ended, or at all.
 */
export function decideJob(
  jobs: readonly Job[],
  ended: number,
  options: Decided,
): { readonly job: Job | undefined; readonly isExhausted: boolean } {
  const { proposal, isExhausted } = proposalFor(jobs, ended, options);
  return { job: proposal && jobOf(jobs, proposal), isExhausted };
}

/** Why there is no further job when all have ended. @param isExhausted whether no point was found that was not tried */
export function reasonOfEnd(jobs: readonly Job[], { trials }: Decided, isExhausted: boolean): EndedBy {
  const refused = refusedOf(jobs, jobs.length);
  if (!isExhausted && begunOf(jobs) - refused >= trials) return 'trials';
  return refused >= REFUSED * trials ? 'refusals' : 'space';
}

/** What is to be done after the first `ended` jobs. */
function proposalFor(
  jobs: readonly Job[],
  ended: number,
  { space, aims, propose, seed, trials }: Decided,
): { readonly proposal: Proposal | undefined; readonly isExhausted: boolean } {
  // Of the trial and not of the job: the nth trial at random is the same, whatever a strategy does between.
  const trial = begunOf(jobs);
  const tried = new Set(jobs.map(({ point }) => keyOf(point)));
  const seen = trialsSeen(jobs, aims, ended);
  const refused = refusedOf(jobs, ended);
  const canBegin = trial - refused < trials && refused < REFUSED * trials;
  for (let attempt = 0; attempt < REPEATED + DRAWN; attempt++) {
    const random = randomStream(seed, `search/trial/${trial}/${attempt}`);
    const proposed = propose(seen, { canBegin, random });
    if (proposed?.kind !== 'begin') return { proposal: proposed, isExhausted: false };
    const point = attempt < REPEATED ? proposed.point : drawPoint(space, random);
    // The same point would come to the same again.
    if (!tried.has(keyOf(point))) return { proposal: { ...proposed, point }, isExhausted: false };
  }
  // What was paused may still be trained on.
  const proposal = propose(seen, { canBegin: false, random: randomStream(seed, `search/trial/${trial}`) });
  return { proposal, isExhausted: true };
}

function jobOf(jobs: readonly Job[], proposal: Proposal): Job {
  const common = { number: jobs.length, epochs: proposal.epochs, beganAt: new Date().toISOString() };
  if (proposal.kind === 'begin') return { ...common, trial: begunOf(jobs), isFirst: true, point: proposal.point };
  const first = jobs.find(({ trial }) => trial === proposal.trial);
  return { ...common, trial: proposal.trial, isFirst: false, point: first?.point ?? {} };
}

function begunOf(jobs: readonly Job[]): number {
  return jobs.filter(({ isFirst }) => isFirst).length;
}

/** How many of the first `ended` jobs found that their trial is not to be trained. */
function refusedOf(jobs: readonly Job[], ended: number): number {
  return jobs.slice(0, ended).filter(({ end }) => end?.result.state === 'refused').length;
}
