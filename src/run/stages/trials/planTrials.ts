import { MOST_CROSS_FITTED } from '../../../preflight/crossFitting.ts';
import { costOfStep, expectedSteps, MACS_PER_TRIAL, type PlannedTraining } from '../../../preflight/trainingCost.ts';

/** How long the trials of objectives are. */
export interface TrialPlan {
  /** Steps of each trial in the first round. */
  readonly first: number;
  /** Steps of each trial in the second round, which the better half gets. */
  readonly second: number;
}

/** The trainings of a run, as they are planned. */
export interface PlannedTrainings {
  readonly student: PlannedTraining;
  /** Of the teachers, for one sample, where they are asked about every batch; 0 where they have answered before. */
  readonly askedMacs: number;
  /** Whether a baseline is trained as well. */
  readonly hasBaseline: boolean;
  /** Undefined where the teacher is trained already. */
  readonly teacher?: PlannedTraining | undefined;
}

/**
 * Of what the run computes otherwise that trials may take: a fifth of the whole as it is reckoned, and less than 30 % of the time that a run takes
 * beside other programs, where small steps and the opening of trials take longer than they should.
 */
const SHARE = 0.28;
/** The same of the minutes that a person gives, which are measured. */
const SHARE_OF_TIME = 0.33;
/** A trial of fewer steps tells nothing. */
const FEWEST_STEPS = 50;
const SECOND_OVER_FIRST = 3;
/** However long the training may be, so many steps tell objectives apart. */
const MOST_FIRST_STEPS = 1000;

/** Where there is no time for all candidates, so many are tried. */
const FEWER_CANDIDATES = [3, 2];

/** What trials may take of a run, by what it trains otherwise. */
type TrialBudget = Parameters<typeof planTrials>[1];

/**
 * The plan for all candidates, or for the first three or two of them where it leaves too few steps for all: above all it is to be known whether
 * the labels alone, which are the second, do better.
 *
 * @returns undefined where there would be too few steps to tell any two apart
 */
export function planAffordableTrials(
  candidates: number,
  run: TrialBudget,
): { readonly count: number; readonly plan: TrialPlan } | undefined {
  for (const count of [candidates, ...FEWER_CANDIDATES]) {
    const plan = count <= candidates ? planTrials(count, run) : undefined;
    if (plan) return { count, plan };
  }
  return undefined;
}

/**
 * Divides what trials may take among them. It counts steps and what they compute, and nothing that is measured, so that two runs of
 * one seed choose alike.
 *
 * @param candidates how many are tried
 * @returns undefined where there would be too few steps
 */
export function planTrials(
  candidates: number,
  run: PlannedTrainings & {
    /** Steps of the student that were tried for its learning rate. */
    readonly stepsBefore: number;
    /** Whether the labels alone are tried: where they are taken, the student is its own baseline, and nothing else is trained. */
    readonly hasAlone: boolean;
  },
): TrialPlan | undefined {
  const { student, askedMacs, hasBaseline, teacher, stepsBefore, hasAlone } = run;
  const alone = costOfStep(student);
  // All trials but that of the labels are taught.
  const taught = alone + askedMacs * student.batchSize;
  const least = hasAlone ? alone : taught + (hasBaseline ? alone : 0);
  const own = expectedSteps(student) * least + stepsBefore * alone;
  const ofTeacher = teacher ? expectedSteps(teacher) * costOfStep(teacher) : 0;
  const finalists = Math.min(candidates, finalistsOf(candidates) + 2);
  const opening = (candidates + finalists) * MACS_PER_TRIAL;
  const afforded = (SHARE * (own + ofTeacher) - opening) / (taught * (candidates + SECOND_OVER_FIRST * finalists));
  // A trial that is longer than the training itself tells no more, however long a large teacher was trained.
  const first = Math.floor(Math.min(afforded, expectedSteps(student) / SECOND_OVER_FIRST, MOST_FIRST_STEPS));
  return first < FEWEST_STEPS ? undefined : { first, second: SECOND_OVER_FIRST * first };
}

/**
 * A plan that fits into a time, where a person limits the trainings by it.
 * @param first seconds of a trial of the first round
 * @param allowed seconds of all trials together
 * @returns undefined where too few steps would be left to tell objectives apart
 */
export function shortenTrials(
  plan: TrialPlan,
  candidates: number,
  { first: seconds, allowed }: { readonly first: number; readonly allowed: number },
): TrialPlan | undefined {
  const planned = seconds * trialsOfFirst(plan, candidates);
  const first = Math.floor(plan.first * Math.min(1, allowed / planned));
  return first < FEWEST_STEPS ? undefined : { first, second: Math.min(plan.second, SECOND_OVER_FIRST * first) };
}

/** Seconds after which the first trial tells that no plan fits into the time, so that it may be given up. See `shortenTrials`. */
export function mostSecondsOfFirst(plan: TrialPlan, candidates: number, allowed: number): number {
  return (allowed * plan.first) / (FEWEST_STEPS * trialsOfFirst(plan, candidates));
}

/** How many times the steps of the first trial all trials take. */
function trialsOfFirst({ first, second }: TrialPlan, candidates: number): number {
  const finalists = Math.min(candidates, finalistsOf(candidates) + 2);
  return candidates + (finalists * second) / first;
}

/** Steps after which students of a few hundred samples have been taught what they can: labels are learned in a third of them. And fewest that tell anything. */
const CROSS_FITTED_STEPS = { most: 2000, fewest: 200 };
/**
 * Steps of each training where student, baseline and a teacher that is trained are trained once for each of several parts of the samples.
 * @returns undefined where that would take too long
 */
export function crossFittedSteps(parts: number, { student, askedMacs, teacher }: PlannedTrainings): number | undefined {
  const perStep =
    2 * costOfStep(student) + askedMacs * student.batchSize + (teacher === undefined ? 0 : costOfStep(teacher));
  const opening = 3 * parts * MACS_PER_TRIAL;
  const afforded = Math.floor((MOST_CROSS_FITTED - opening) / (parts * perStep));
  const { most, fewest } = CROSS_FITTED_STEPS;
  const steps = Math.min(most, student.steps, afforded);
  return steps < Math.min(fewest, student.steps) ? undefined : steps;
}

/** Seconds that trials may take of trainings with a limit each. */
export function secondsForTrials(maxMinutes: number, trainings: number): number {
  return SHARE_OF_TIME * 60 * maxMinutes * trainings;
}

/** How many of the candidates get to the second round, beside the safe one and the labels alone. */
export function finalistsOf(candidates: number): number {
  return Math.max(1, Math.floor((candidates - 2) / 2));
}
