import type { Targets } from '../../../data/targets.ts';
import { batchesPerEpoch } from '../../../data/batches.ts';
import { DistilleryError, hasDiverged, isCancellation } from '../../../errors.ts';
import { measureOutputs } from '../../../evaluation/measureOutputs.ts';
import { needsTeacher, type ObjectiveTerm } from '../../../objectives/objectiveTerm.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { Quality } from '../../../report/quality.ts';
import type { EstimatorOptions } from '../../../estimators/estimator.ts';
import { fitNetwork } from '../../../training/fitting/fitNetwork.ts';
import type { TrainingTask } from '../../../training/trainingTask.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import { openEngine } from '../../../training/engines/openEngine.ts';
import { orderOfSamples } from '../../../training/orderOfSamples.ts';
import { trainNetwork } from '../../../training/trainNetwork.ts';
import type { Run } from '../../run.ts';
import { withRegressors } from '../addRegressors.ts';
import type { TrainingMaterial } from '../featureStage.ts';
import { labelledShare } from '../labelledShare.ts';
import { buildInitialStudent, studentAlteration, studentTrainingTask } from '../studentStage.ts';
import type { Taught } from '../teacherStage.ts';

/** What a short training came to. */
export interface TrialOutcome {
  /** For the validation split after the last step; undefined where the training diverged. */
  readonly outputs: Float32Array | undefined;
  readonly quality: Quality;
}

/** What is tried. */
interface ObjectiveTrial {
  readonly material: TrainingMaterial;
  readonly teachers: Teachers | undefined;
  /** Undefined where the objective needs nothing that a teacher says. */
  readonly taught: Taught | undefined;
  readonly objective: readonly ObjectiveTerm[];
  readonly steps: number;
  readonly truth: Targets;
  /** After which it is given up, as if it had diverged; left out for never. */
  readonly mostSeconds?: number | undefined;
}

/** Judges outputs for the validation split, and keeps the last. */
class LastJudgement {
  readonly #trial: ObjectiveTrial;
  last: TrialOutcome | undefined;

  constructor(trial: ObjectiveTrial) {
    this.#trial = trial;
  }

  measure(outputs: Float32Array): Quality {
    const { material, taught, truth } = this.#trial;
    const { accuracy, loss } = measureOutputs(material.task, outputs, truth, {
      outputs: 'logits',
      teacherOutputs: taught?.validation,
    });
    this.last = { outputs: outputs.slice(), quality: { accuracy, loss } };
    return this.last.quality;
  }
}

/**
 * Trains the student from its first weights for a number of steps, over which the schedule comes down, and judges it on the
 * validation split. One that is fitted at once is fitted, whatever the number of steps.
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function tryObjective(run: Run, device: DeviceName, trial: ObjectiveTrial): Promise<TrialOutcome> {
  const { material, teachers, taught, objective, steps } = trial;
  const { experiment, signal, pause } = run;
  const deadline =
    trial.mostSeconds === undefined ? undefined : AbortSignal.timeout(Math.ceil(trial.mostSeconds * 1000));
  const tried: Run = { ...run, prepared: { ...run.prepared, objective } };
  const trainingTask = studentTrainingTask(tried, material, taught);
  const initial = buildInitialStudent(run, teachers);
  if (initial.estimator) return tryFit(run, initial.estimator, trainingTask, trial);
  const network = withRegressors(initial, trainingTask, experiment.training.seed);
  // Nothing ends a trial but its steps.
  const options = {
    ...experiment.training,
    maxMinutes: undefined,
    targetAccuracy: undefined,
    patience: undefined,
    automatic: undefined,
  };
  const isTaught = objective.some(needsTeacher);
  const training = isTaught ? material.training : (labelledShare(run.prepared.dataset, material) ?? material.training);
  const stepsPerEpoch = batchesPerEpoch(training.count, options.batchSize);
  const judge = new LastJudgement(trial);
  try {
    const { endedBy } = await trainNetwork({
      ...trainingTask,
      network: 'student',
      graph: network.graph,
      softTree: network.softTree,
      ...(network.trainable && { trainable: network.trainable }),
      training,
      validation: material.validation,
      ...(isTaught && taught && { teaching: taught.teaching }),
      batchAugmentation: studentAlteration(run, taught, isTaught),
      options: { ...options, epochs: Math.ceil(steps / stepsPerEpoch), maxSteps: steps },
      isJudgedOnce: true,
      device,
      openEngine: (engineOptions) => openEngine(experiment.engine, engineOptions, run.sessions),
      random: orderOfSamples(options.seed),
      measure: (outputs) => judge.measure(outputs),
      signal: deadline ? AbortSignal.any([signal, deadline]) : signal,
      pause,
      onEvent: () => undefined,
    });
    if (endedBy === 'stopped') throw new DistilleryError('CANCELLED', 'Stopped.');
  } catch (error) {
    // A candidate that diverges or takes too long is out of the question, which is no failure of the run.
    const isTooSlow = deadline?.aborted === true && !signal.aborted;
    if (hasDiverged(error) || (isCancellation(error) && isTooSlow)) {
      return { outputs: undefined, quality: { accuracy: null, loss: NaN } };
    }
    throw error;
  }
  return judge.last ?? { outputs: undefined, quality: { accuracy: null, loss: NaN } };
}

async function tryFit(
  { experiment, signal }: Run,
  estimator: EstimatorOptions,
  trainingTask: TrainingTask,
  trial: ObjectiveTrial,
): Promise<TrialOutcome> {
  const { material, taught, objective } = trial;
  const judge = new LastJudgement(trial);
  const { quality } = await fitNetwork({
    ...trainingTask,
    network: 'student',
    estimator,
    training: material.training,
    validation: material.validation,
    ...(objective.some(needsTeacher) && taught && { teaching: taught.teaching }),
    teacherValidation: taught?.validation,
    seed: experiment.training.seed,
    measure: (outputs) => judge.measure(outputs),
    signal,
    onEvent: () => undefined,
  });
  return judge.last ?? { outputs: undefined, quality };
}
