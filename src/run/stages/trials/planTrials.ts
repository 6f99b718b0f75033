/** How long the trials of objectives are. */
export interface TrialPlan {
  /** Steps of each trial in the first round. */
  readonly first: number;
  /** Steps of each trial in the second round, which the better half gets. */
  readonly second: number;
}

/** A training of the run, as it is planned. */
export interface PlannedTraining {
  readonly steps: number;
  readonly mayEndEarly: boolean;
  /** Of the network, for one sample. */
  readonly macs: number;
  readonly batchSize: number;
}

/** Of what the run computes otherwise that trials may take: a quarter of the whole as it is reckoned, and less than 30 % of the time that a run with its report takes. */
const SHARE = 0.33;
/** Trainings that end early do so after about so much of their steps, small ones sooner. */
const EARLY_END = 0.4;
/** What a step takes beside its arithmetic, in multiply-accumulates that are done meanwhile. */
const MACS_PER_STEP = 2e6;
/** The same for opening a training, of which trials are many: small students take hundreds of steps meanwhile. */
const MACS_PER_TRIAL = 6e8;
/** Forward, and two products of the same size backward. */
const PASSES = 3;

/** A trial of fewer steps tells nothing. */
const FEWEST_STEPS = 50;
const SECOND_OVER_FIRST = 3;
/** However long the training may be, so many steps tell objectives apart. */
const MOST_FIRST_STEPS = 1000;

/**
 * Divides what trials may take among them. It counts steps and what they compute, and nothing that is measured, so that two runs of
 * one seed choose alike.
 *
 * @param candidates how many are tried
 * @returns undefined where there would be too few steps
 */
export function planTrials(
  candidates: number,
  run: {
    readonly student: PlannedTraining;
    /** Whether a baseline is trained as well. */
    readonly hasBaseline: boolean;
    /** Undefined where the teacher is trained already. */
    readonly teacher?: PlannedTraining | undefined;
    /** Steps of the student that were tried for its learning rate. */
    readonly stepsBefore: number;
  },
): TrialPlan | undefined {
  const { student, hasBaseline, teacher, stepsBefore } = run;
  const own = expectedSteps(student) * (hasBaseline ? 2 : 1) + stepsBefore;
  const ofTeacher = teacher ? (expectedSteps(teacher) * costOfStep(teacher)) / costOfStep(student) : 0;
  const finalists = Math.min(candidates, finalistsOf(candidates) + 2);
  const opening = ((candidates + finalists) * MACS_PER_TRIAL) / costOfStep(student);
  const afforded = (SHARE * (own + ofTeacher) - opening) / (candidates + SECOND_OVER_FIRST * finalists);
  const first = Math.floor(Math.min(afforded, student.steps / SECOND_OVER_FIRST, MOST_FIRST_STEPS));
  return first < FEWEST_STEPS ? undefined : { first, second: SECOND_OVER_FIRST * first };
}

function expectedSteps({ steps, mayEndEarly }: PlannedTraining): number {
  return steps * (mayEndEarly ? EARLY_END : 1);
}

/** What a step takes, in multiply-accumulates. */
export function costOfStep({ macs, batchSize }: Pick<PlannedTraining, 'macs' | 'batchSize'>): number {
  return MACS_PER_STEP + PASSES * macs * batchSize;
}

/** How many of the candidates get to the second round, beside the safe one and the labels alone. */
export function finalistsOf(candidates: number): number {
  return Math.max(1, Math.floor((candidates - 2) / 2));
}
