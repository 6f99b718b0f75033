import { tellsLittle } from '../../../preflight/tellsLittle.ts';
import { truthOf } from '../../../data/truth.ts';
import { classesOf } from '../../../data/task.ts';
import { scoreSamples, type SampleScores } from '../../../evaluation/comparison/scoreSamples.ts';
import { shortObjective } from '../../../objectives/portfolio.ts';
import type { ObjectiveTerm } from '../../../objectives/objectiveTerm.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { ObjectiveChoice, Trial } from '../../../report/choice.ts';
import { estimatorOf } from '../../../experiment/networkToTrain.ts';
import type { Run } from '../../run.ts';
import type { TrainingMaterial } from '../featureStage.ts';
import type { Taught } from '../teacherStage.ts';
import { candidatesOf, type Candidates } from './candidates.ts';
import { advantageOf, decide, type Advantage, type Finalist } from './decide.ts';
import { planAffordableTrials, type TrialPlan } from './planTrials.ts';
import { plannedTrainings } from './plannedTrainings.ts';
import { tryAll, type Judging, type Tried } from './tryAll.ts';

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

async function choose(
  run: Run,
  device: DeviceName,
  material: TrainingMaterial,
  taught: Taught,
): Promise<ObjectiveChoice> {
  const startedAt = performance.now();
  const { dataset } = run.prepared;
  const judging: Judging = {
    run,
    device,
    material,
    taught,
    candidates: candidatesOf(run),
    truth: await truthOf(material.validation, material.sampleShape),
    isAccuracy: classesOf(dataset.task).length > 0,
    isFitted: estimatorOf(run.experiment.student) !== undefined,
  };
  const { candidates } = judging;
  const teacherAccuracy = judging.isAccuracy ? meanOf(scoresOf(judging, taught.validation)) : null;
  const settled = (reason: ObjectiveChoice['reason'], chosen: readonly ObjectiveTerm[], trials: readonly Trial[]) => ({
    chosen: shortObjective(chosen),
    reason,
    objective: chosen.map((term) => ({ ...term })),
    trials: [...trials],
    teacherAccuracy,
    seconds: (performance.now() - startedAt) / 1000,
  });
  if (candidates.all.length === 1) return settled('only', candidates.safe, []);
  if (tellsLittle(material.validation)) return settled('too-few-samples', candidates.safe, []);
  const affordable = judging.isFitted
    ? { all: candidates.all, plan: WHOLE_FIT }
    : affordableTrials(run, material, taught, candidates);
  if (!affordable) return settled('too-short', candidates.safe, []);
  const tried = await tryAll(judging, affordable);
  if (!tried) return settled('too-little-time', candidates.safe, []);
  const { reason, chosen, trials } = decideBy(judging, tried);
  return settled(reason, chosen, trials);
}

/** What the trials of the second round say, within their uncertainty, and what of all of them the report tells. */
function decideBy(
  judging: Judging,
  { all, plan, kept, first, second }: Tried,
): {
  readonly reason: ObjectiveChoice['reason'];
  readonly chosen: readonly ObjectiveTerm[];
  readonly trials: readonly Trial[];
} {
  const { run, taught, isAccuracy } = judging;
  const { safe, alone } = judging.candidates;
  const scoreOf = (objective: readonly ObjectiveTerm[]): SampleScores | undefined => {
    const outputs = second.get(objective)?.outputs;
    return outputs && scoresOf(judging, outputs);
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
    ofAlone && advantageOf(scoresOf(judging, taught.validation), ofAlone, isAccuracy),
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
  return { reason: decision.reason, chosen, trials };
}

/** How right outputs on the validation split are, sample by sample. */
function scoresOf({ run, truth, taught }: Judging, outputs: Float32Array): SampleScores {
  return scoreSamples(run.prepared.dataset.task, { outputs, kind: 'logits' }, truth, taught.validation);
}

/**
 * Blends take longer to be learned from than the samples as they are, which the labels alone have: a short trial says nothing against the
 * teacher then. Trained to their ends, the better one is kept (see `guardStage`).
 */
function withoutHeadStart(alone: Finalist, { experiment, written }: Run): Finalist {
  const isBlendedForTeachers = written.augmentation === undefined && experiment.augmentation?.mixup !== undefined;
  return isBlendedForTeachers ? { ...alone, advantage: { value: -Infinity, deviation: 0 } } : alone;
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
