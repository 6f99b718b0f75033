/** How long the trials of objectives are. */
export interface TrialPlan {
  /** Steps of each trial in the first round. */
  readonly first: number;
  /** Steps of each trial in the second round, which the better half gets. */
  readonly second: number;
}

/** Of the steps of student and baseline together that trials may take: with them it is at most 30 % of the run. */
const SHARE = 0.4;
/** Trainings that end early do so after about half of their steps. */
const EARLY_END = 0.5;
/** A run also measures speeds and writes its report; trials that take no more seconds than these are always worth it. */
const FREE_SECONDS = 2;
/** What a step takes beside its arithmetic, and how much of that is done in a second, on a slow machine. */
const SECONDS_PER_STEP = 4e-4;
const MACS_PER_SECOND = 5e9;
/** Forward, and two products of the same size backward. */
const PASSES = 3;

/** A trial of fewer steps tells nothing. */
const FEWEST_STEPS = 50;
const SECOND_OVER_FIRST = 3;
/** However long the training may be, so many steps tell objectives apart. */
const MOST_FIRST_STEPS = 1000;

/**
 * Divides what trials may take among them. It depends on nothing that is measured, so that two runs of one seed choose alike.
 *
 * @param candidates how many are tried
 * @returns undefined where there would be too few steps
 */
export function planTrials(
  candidates: number,
  training: {
    /** Of the student's whole training. */
    readonly steps: number;
    /** Whether a baseline is trained as well. */
    readonly hasBaseline: boolean;
    readonly mayEndEarly: boolean;
    readonly macs: number;
    readonly batchSize: number;
  },
): TrialPlan | undefined {
  const { steps, hasBaseline, mayEndEarly, macs, batchSize } = training;
  const ownSteps = steps * (hasBaseline ? 2 : 1) * (mayEndEarly ? EARLY_END : 1);
  const secondsPerStep = SECONDS_PER_STEP + (PASSES * macs * batchSize) / MACS_PER_SECOND;
  const total = SHARE * ownSteps + Math.min(FREE_SECONDS / secondsPerStep, 3 * steps);
  const finalists = finalistsOf(candidates) + 2;
  const afforded = total / (candidates + SECOND_OVER_FIRST * finalists);
  const first = Math.floor(Math.min(afforded, steps / SECOND_OVER_FIRST, MOST_FIRST_STEPS));
  return first < FEWEST_STEPS ? undefined : { first, second: SECOND_OVER_FIRST * first };
}

/** How many of the candidates get to the second round, beside the safe one and the labels alone. */
export function finalistsOf(candidates: number): number {
  return Math.max(1, Math.floor((candidates - 2) / 2));
}
