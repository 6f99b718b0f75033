import { tellsLittle } from '../../../preflight/tellsLittle.ts';
import { truthOf } from '../../../data/truth.ts';
import { classesOf } from '../../../data/task.ts';
import { scoreSamples, type SampleScores } from '../../../evaluation/comparison/scoreSamples.ts';
import { checkTerms } from '../../../objectives/checkTerms.ts';
import { portfolioFor, shortObjective } from '../../../objectives/portfolio.ts';
import type { ObjectiveTerm } from '../../../objectives/objectiveTerm.ts';
import { checkTopK } from '../../../preflight/checks/checkTopK.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { ObjectiveChoice, Trial } from '../../../report/choice.ts';
import { estimatorOf } from '../../../experiment/networkToTrain.ts';
import { fittingProblems } from '../../../training/fitting/fittedTerms.ts';
import { missingLosses } from '../../../training/engines/tensorflow/losses.ts';
import type { Run } from '../../run.ts';
import type { TrainingMaterial } from '../featureStage.ts';
import type { Taught } from '../teacherStage.ts';
import { advantageOf, decide, type Advantage, type Finalist } from './decide.ts';
import { finalistsOf, mostSecondsOfFirst, planAffordableTrials, shortenTrials, type TrialPlan } from './planTrials.ts';
import { plannedTrainings } from './plannedTrainings.ts';
import { limitOfTrials } from './trialLimit.ts';
import { tryObjective, type TrialOutcome } from './tryObjective.ts';

/** A run with the objective that was chosen, and how; null where the experiment names one or there is no teacher. */
export interface ChosenRun {
  readonly run: Run;
  readonly choice: ObjectiveChoice | null;
}

/**
 * Chooses the objective where the experiment names none: a few are tried in short trainings that share the teacher's outputs, the
 * better half in longer ones, and the validation split decides, within its uncertainty. A run that goes on takes what it had chosen.
 */
export async function objectiveStage(
  run: Run,
  device: DeviceName,
  material: TrainingMaterial,
  taught: Taught | undefined,
): Promise<ChosenRun> {
  const { written, journal, prepared } = run;
  if (!taught || (written.objective !== undefined && written.objective !== 'auto')) return { run, choice: null };
  const chosenBefore = journal.choice;
  const choice = chosenBefore ?? (await choose(run, device, material, taught));
  if (!chosenBefore) await journal.noteChoice(choice);
  const candidates = candidatesOf(run);
  // What was given up after the trainings was taught nevertheless, and further seeds are as well.
  const chosen = choice.givenUp?.objective ?? choice.chosen;
  const objective = candidates.all.find((each) => shortObjective(each) === chosen) ?? candidates.safe;
  run.onEvent({ kind: 'phase', phase: 'trials', message: describeChoice(choice) });
  return { run: { ...run, prepared: { ...prepared, objective } }, choice };
}

interface Candidates {
  readonly safe: readonly ObjectiveTerm[];
  readonly alone: readonly ObjectiveTerm[] | undefined;
  readonly all: readonly (readonly ObjectiveTerm[])[];
}

/** The objectives that this experiment can be trained with. */
function candidatesOf({ experiment, prepared }: Run): Candidates {
  const { dataset, objective } = prepared;
  const portfolio = portfolioFor(dataset.task.kind);
  const student = experiment.student;
  const fitted = estimatorOf(student);
  const suits = (terms: readonly ObjectiveTerm[]): boolean =>
    terms.length > 0 &&
    // A fit is to one target for each sample, which most objectives do not have.
    (!fitted || fittingProblems(fitted.architecture, 'student', terms, dataset.task.kind).length === 0) &&
    checkTerms(terms, {
      task: dataset.task.kind,
      classes: classesOf(dataset.task).length || undefined,
      batchSize: experiment.training.batchSize,
      teachers: 1,
      softTree: 'architecture' in student && student.architecture === 'soft-tree',
    }).length === 0 &&
    checkTopK(experiment, dataset.task, terms).length === 0 &&
    (experiment.engine !== 'tensorflow' || missingLosses(terms).length === 0);
  // Samples without labels that somebody names are there to be learned from the teacher.
  const { unlabelled, synthesize } = experiment.dataset;
  const mayBeAlone = unlabelled === undefined && synthesize === undefined && suits(portfolio.alone);
  const alone = mayBeAlone ? portfolio.alone : undefined;
  // The usual objective was checked before the run.
  return {
    safe: objective,
    alone,
    all: [objective, ...(alone ? [alone] : []), ...portfolio.others.filter(suits)],
  };
}

async function choose(
  run: Run,
  device: DeviceName,
  material: TrainingMaterial,
  taught: Taught,
): Promise<ObjectiveChoice> {
  const startedAt = performance.now();
  const { experiment, prepared } = run;
  const candidates = candidatesOf(run);
  const { safe, alone } = candidates;
  const { task } = prepared.dataset;
  const truth = await truthOf(material.validation, material.sampleShape);
  const score = (outputs: Float32Array): SampleScores =>
    scoreSamples(task, { outputs, kind: 'logits' }, truth, taught.validation);
  const isAccuracy = classesOf(task).length > 0;
  const ofTeacher = score(taught.validation);
  const teacherAccuracy = isAccuracy ? meanOf(ofTeacher) : null;
  const settled = (reason: ObjectiveChoice['reason'], chosen: readonly ObjectiveTerm[], trials: readonly Trial[]) => ({
    chosen: shortObjective(chosen),
    reason,
    objective: chosen.map((term) => ({ ...term })),
    trials: [...trials],
    teacherAccuracy,
    seconds: (performance.now() - startedAt) / 1000,
  });
  if (candidates.all.length === 1) return settled('only', safe, []);
  if (tellsLittle(material.validation)) return settled('too-few-samples', safe, []);
  const isFitted = estimatorOf(experiment.student) !== undefined;
  const affordable = isFitted
    ? { all: candidates.all, plan: WHOLE_FIT }
    : affordableTrials(run, material, taught, candidates);
  if (!affordable) return settled('too-short', safe, []);
  const { all, plan: planned } = affordable;
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
  const rounds = all.length + (isFitted ? 0 : Math.min(all.length, finalistsOf(all.length) + 2));
  let done = 0;
  const attempt = async (
    objective: readonly ObjectiveTerm[],
    steps: number,
    mostSeconds?: number,
  ): Promise<TrialOutcome> => {
    const outcome = await tryObjective(run, device, {
      material,
      teachers: taught.teachers,
      taught,
      objective,
      steps,
      truth,
      mostSeconds,
    });
    run.onEvent({ kind: 'progress', phase: 'trials', done: ++done, total: rounds });
    return outcome;
  };
  const first = new Map<readonly ObjectiveTerm[], TrialOutcome>();
  const triedAt = performance.now();
  const allowed = isFitted ? undefined : limitOfTrials(run);
  const most = allowed === undefined ? undefined : mostSecondsOfFirst(planned, all.length, allowed);
  first.set(safe, await attempt(safe, planned.first, most));
  const plan = withinTime(planned, all.length, { allowed, first: (performance.now() - triedAt) / 1000 });
  if (!plan) return settled('too-little-time', safe, []);
  if (plan !== planned) tell(plan);
  for (const objective of all) if (objective !== safe) first.set(objective, await attempt(objective, plan.first));
  const kept = all
    .filter((objective) => objective !== safe && objective !== alone)
    .toSorted((one, other) => qualityOf(first.get(other)) - qualityOf(first.get(one)))
    .slice(0, finalistsOf(all.length));
  const second = new Map<readonly ObjectiveTerm[], TrialOutcome>();
  for (const objective of [safe, ...(alone ? [alone] : []), ...kept]) {
    // A fit is a whole one the first time.
    const whole = isFitted ? first.get(objective) : undefined;
    second.set(objective, whole ?? (await attempt(objective, plan.second)));
  }
  const scoreOf = (objective: readonly ObjectiveTerm[]): SampleScores | undefined => {
    const outputs = second.get(objective)?.outputs;
    return outputs && score(outputs);
  };
  const ofSafe = scoreOf(safe);
  const ofAlone = alone && scoreOf(alone);
  const finalist = (objective: readonly ObjectiveTerm[]): Finalist => {
    const own = scoreOf(objective);
    const advantage: Advantage =
      own && ofSafe ? advantageOf(own, ofSafe, isAccuracy) : { value: -Infinity, deviation: 0 };
    return { name: shortObjective(objective), advantage };
  };
  const decision = decide(
    shortObjective(safe),
    alone && withoutHeadStart(finalist(alone), run),
    kept.map(finalist),
    ofAlone && advantageOf(ofTeacher, ofAlone, isAccuracy),
  );
  const trials = all.map((objective): Trial => {
    const last = second.get(objective) ?? first.get(objective);
    const isFinalist = second.has(objective) && objective !== safe;
    return {
      name: shortObjective(objective),
      objective: objective.map((term) => ({ ...term })),
      steps: second.has(objective) ? plan.second : plan.first,
      accuracy: last?.quality.accuracy ?? null,
      loss: last?.quality.loss ?? NaN,
      advantage: isFinalist ? finalist(objective).advantage : null,
    };
  });
  const chosen = all.find((objective) => shortObjective(objective) === decision.chosen) ?? safe;
  return settled(decision.reason, chosen, trials);
}

/**
 * Blends take longer to be learned from than the samples as they are, which the labels alone have: a short trial says nothing against the
 * teacher then. Trained to their ends, the better one is kept (see `guardStage`).
 */
function withoutHeadStart(alone: Finalist, { experiment, written }: Run): Finalist {
  const isBlendedForTeachers = written.augmentation === undefined && experiment.augmentation?.mixup !== undefined;
  return isBlendedForTeachers ? { ...alone, advantage: { value: -Infinity, deviation: 0 } } : alone;
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

/** What is tried, and how long, beside what the run trains; undefined where there is no time to tell any two apart. */
function affordableTrials(
  run: Run,
  material: TrainingMaterial,
  taught: Taught,
  { all, alone }: Candidates,
): { readonly all: Candidates['all']; readonly plan: TrialPlan } | undefined {
  const { rate } = run.journal;
  const trainings = {
    ...plannedTrainings(run, material, taught),
    hasAlone: alone !== undefined,
    stepsBefore: rate ? rate.trials.length * rate.steps : 0,
  };
  const affordable = planAffordableTrials(all.length, trainings);
  return affordable && { all: all.slice(0, affordable.count), plan: affordable.plan };
}

/** The trial of a student that is fitted at once is its fit. */
const WHOLE_FIT: TrialPlan = { first: 1, second: 1 };

/** The larger the better. A trial that diverged is the worst. */
function qualityOf(outcome: TrialOutcome | undefined): number {
  if (!outcome?.outputs) return -Infinity;
  return outcome.quality.accuracy ?? -outcome.quality.loss;
}

function meanOf({ sums, counts }: SampleScores): number {
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  return total(sums) / Math.max(1, total(counts));
}

/** What was chosen and why, in a sentence for the log. */
function describeChoice({ chosen, reason }: ObjectiveChoice): string {
  const because: Readonly<Record<ObjectiveChoice['reason'], string>> = {
    best: 'clearly the best on the validation split',
    safe: 'nothing was clearly better on the validation split',
    'teacher-no-better':
      'the teacher is no better on the validation split than the student alone, so distilling cannot help',
    'alone-better': 'the labels alone did clearly better on the validation split than with the teacher',
    'too-short': 'the training is too short to try others',
    'too-few-samples': 'the validation split is too small to compare others on',
    'too-little-time': 'the minutes given leave too little time to try others',
    only: 'the only one for this task',
    'taught-no-better': 'trained to its end, the student that was taught was not clearly better',
  };
  return `Objective: ${chosen} (${because[reason]})`;
}
