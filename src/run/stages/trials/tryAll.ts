import type { Targets } from '../../../data/targets.ts';
import type { ObjectiveTerm } from '../../../objectives/objectiveTerm.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { Run } from '../../run.ts';
import type { TrainingMaterial } from '../featureStage.ts';
import type { Taught } from '../teacherStage.ts';
import type { Candidates } from './candidates.ts';
import { finalistsOf, mostSecondsOfFirst, shortenTrials, type TrialPlan } from './planTrials.ts';
import { limitOfTrials } from './trialLimit.ts';
import { tryObjective, type TrialOutcome } from './tryObjective.ts';

/** What the trials of a run are made with and judged by. */
export interface Judging {
  readonly run: Run;
  readonly device: DeviceName;
  readonly material: TrainingMaterial;
  readonly taught: Taught;
  readonly candidates: Candidates;
  /** Of the validation split. */
  readonly truth: Targets;
  readonly isAccuracy: boolean;
  /** The student is fitted at once: a trial is its fit, a whole one. */
  readonly isFitted: boolean;
}

/** Trials of objectives, in their two rounds. */
export interface Tried {
  readonly all: Candidates['all'];
  readonly plan: TrialPlan;
  /** Those of the second round beside the safe objective and the labels alone. */
  readonly kept: Candidates['all'];
  readonly first: Outcomes;
  readonly second: Outcomes;
}

type Outcomes = ReadonlyMap<readonly ObjectiveTerm[], TrialOutcome>;

/**
 * Tries every objective in a short training and the better ones, with the safe one and the labels alone, in a longer one.
 * @returns undefined where the first trial shows that the minutes given leave no time for that
 */
export async function tryAll(
  judging: Judging,
  { all, plan: planned }: { readonly all: Candidates['all']; readonly plan: TrialPlan },
): Promise<Tried | undefined> {
  const { run, isFitted } = judging;
  const { safe, alone } = judging.candidates;
  const attempt = attemptsOf(judging, all.length + (isFitted ? 0 : Math.min(all.length, finalistsOf(all.length) + 2)));
  const tell = ({ first, second }: TrialPlan): void => {
    run.onEvent({
      kind: 'phase',
      phase: 'trials',
      message: isFitted
        ? `Tries ${all.length} objectives, a fit each`
        : `Tries ${all.length} objectives, ${first} steps each, the better ones again with ${second}`,
    });
  };
  tell(planned);
  const first = new Map<readonly ObjectiveTerm[], TrialOutcome>();
  const triedAt = performance.now();
  const allowed = isFitted ? undefined : limitOfTrials(run);
  const most = allowed === undefined ? undefined : mostSecondsOfFirst(planned, all.length, allowed);
  first.set(safe, await attempt(safe, planned.first, most));
  const plan = withinTime(planned, all.length, { allowed, first: (performance.now() - triedAt) / 1000 });
  if (!plan) return undefined;
  if (plan !== planned) tell(plan);
  for (const objective of all) if (objective !== safe) first.set(objective, await attempt(objective, plan.first));
  const kept = all
    .filter((objective) => objective !== safe && objective !== alone)
    .toSorted((one, other) => qualityOf(first.get(other)) - qualityOf(first.get(one)))
    .slice(0, finalistsOf(all.length));
  const second = new Map<readonly ObjectiveTerm[], TrialOutcome>();
  for (const objective of [safe, ...(alone ? [alone] : []), ...kept]) {
    const whole = isFitted ? first.get(objective) : undefined;
    second.set(objective, whole ?? (await attempt(objective, plan.second)));
  }
  return { all, plan, kept, first, second };
}

/** Trains with an objective for so many steps, and tells how many of all trials are done. */
function attemptsOf(
  { run, device, material, taught, truth }: Judging,
  total: number,
): (objective: readonly ObjectiveTerm[], steps: number, mostSeconds?: number) => Promise<TrialOutcome> {
  let done = 0;
  return async (objective, steps, mostSeconds) => {
    const { teachers } = taught;
    const trial = { material, teachers, taught, objective, steps, truth, mostSeconds };
    const outcome = await tryObjective(run, device, trial);
    run.onEvent({ kind: 'progress', phase: 'trials', done: ++done, total });
    return outcome;
  };
}

/** The plan, where a time limit leaves room for it by what its first trial took; a shorter one, or none, where it does not. */
function withinTime(
  plan: TrialPlan,
  candidates: number,
  { allowed, first }: { readonly allowed: number | undefined; readonly first: number },
): TrialPlan | undefined {
  if (allowed === undefined) return plan;
  const shortened = shortenTrials(plan, candidates, { first, allowed });
  return shortened?.first === plan.first ? plan : shortened;
}

/** The larger the better. A trial that diverged is the worst. */
function qualityOf(outcome: TrialOutcome | undefined): number {
  if (!outcome?.outputs) return -Infinity;
  return outcome.quality.accuracy ?? -outcome.quality.loss;
}
