import { USUAL_PARTS } from '../../../data/splits/divideFold.ts';
import { classesOf } from '../../../data/task.ts';
import { truthOf } from '../../../data/truth.ts';
import { BadInputError, DistilleryError, hasDiverged, isCancellation } from '../../../errors.ts';
import { scoreSamples, type SampleScores } from '../../../evaluation/comparison/scoreSamples.ts';
import type { EvaluatedNetwork } from '../../../evaluation/evaluateNetwork.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { CrossFitted } from '../../../report/choice.ts';
import type { Run } from '../../run.ts';
import type { TrainingMaterial } from '../featureStage.ts';
import type { Taught } from '../teacherStage.ts';
import { foldProgress, trainFold } from '../trainFold.ts';
import { advantageOf } from './decide.ts';
import { macsOf, plannedTrainings } from './plannedTrainings.ts';
import { crossFittedSteps } from './planTrials.ts';
import { limitOfTrials } from './trialLimit.ts';

/**
 * Finds out on all samples that are there to be learned from, where few were set aside, whether the student gains from its teacher: student,
 * baseline and a teacher that is trained here are trained once for each of several parts of these samples, without them, and judged on them.
 * The test is left aside.
 *
 * @param run with its objective chosen
 * @returns undefined where it would take too long or cannot be done
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function crossFit(
  run: Run,
  device: DeviceName,
  material: TrainingMaterial,
  taught: Taught,
): Promise<CrossFitted | undefined> {
  const planned = plannedTrainings(run, material, taught);
  // Of samples that are changed at random, the teachers are asked about as many as are trained on.
  const askedMacs = taught.batchAugmentation ? macsOf(taught.teachers) : 0;
  const steps = crossFittedSteps(USUAL_PARTS, { ...planned, askedMacs });
  if (steps === undefined || !mayBeDivided(run)) return undefined;
  const seconds = limitOfTrials(run);
  const deadline = seconds === undefined ? undefined : AbortSignal.timeout(Math.ceil(1000 * seconds));
  const signal = deadline ? AbortSignal.any([run.signal, deadline]) : run.signal;
  run.onEvent({
    kind: 'phase',
    phase: 'folds',
    message: `The validation split is too small to tell whether the student gains: judges on ${USUAL_PARTS} parts of the samples in turn, ${steps} steps each`,
  });
  try {
    return await judgeParts({ ...run, signal }, device, steps);
  } catch (error) {
    const isTooSlow = deadline?.aborted === true && !run.signal.aborted;
    const reason = whyUndecided(error, isTooSlow);
    if (reason !== undefined) {
      run.onEvent({ kind: 'note', message: `The parts do not tell, and the validation split decides: ${reason}` });
      return undefined;
    }
    throw error;
  }
}

/** Why the parts could not be judged on; undefined for what ends the run. */
function whyUndecided(error: unknown, isTooSlow: boolean): string | undefined {
  if (error instanceof BadInputError) return error.problems[0]?.message ?? error.message;
  if (hasDiverged(error)) return error.message;
  return isCancellation(error) && isTooSlow ? 'the minutes given (training.maxMinutes) do not suffice.' : undefined;
}

/** What several processes or sites do together is not divided once more. */
function mayBeDivided({ experiment, shared }: Run): boolean {
  return (
    experiment.rounds === undefined && shared === undefined && !(experiment.teacher && 'sites' in experiment.teacher)
  );
}

/** @returns undefined where there is nothing to compare */
async function judgeParts(run: Run, device: DeviceName, maxSteps: number): Promise<CrossFitted | undefined> {
  const scores = { teacher: [] as SampleScores[], student: [] as SampleScores[], baseline: [] as SampleScores[] };
  for (let index = 0; index < USUAL_PARTS; index++) {
    const fold = { index, count: USUAL_PARTS, keepsTest: true };
    const training = {
      fold,
      name: (network: string) => `${network}-part-${index + 1}`,
      tell: foldProgress(run, fold),
      maxSteps,
    };
    const isJudged = await trainFold(run, device, training, async ({ run: ofPart, teacher, student, baseline }) => {
      if (!teacher || !baseline) return false;
      const { task, test, sampleShape } = ofPart.prepared.dataset;
      const truth = await truthOf(test, sampleShape);
      const score = ({ said }: EvaluatedNetwork): SampleScores => scoreSamples(task, said, truth, teacher.said.outputs);
      scores.teacher.push(score(teacher));
      scores.student.push(score(student));
      scores.baseline.push(score(baseline));
      return true;
    });
    if (isJudged === undefined) throw new DistilleryError('CANCELLED', 'Stopped.');
    if (!isJudged) return undefined;
  }
  const isAccuracy = classesOf(run.prepared.dataset.task).length > 0;
  const baseline = joined(scores.baseline);
  return {
    samples: baseline.sums.length,
    steps: maxSteps,
    taught: advantageOf(joined(scores.student), baseline, isAccuracy),
    teacher: advantageOf(joined(scores.teacher), baseline, isAccuracy),
  };
}

function joined(parts: readonly SampleScores[]): SampleScores {
  return {
    sums: Float64Array.from(parts.flatMap(({ sums }) => [...sums])),
    counts: Float64Array.from(parts.flatMap(({ counts }) => [...counts])),
  };
}
