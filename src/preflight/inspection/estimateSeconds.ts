import { availableParallelism } from 'node:os';
import { teacherToTrain } from '../../experiment/networkToTrain.ts';
import { batchAugmentationOf } from '../batchAugmentationOf.ts';
import type { SettledExperiment } from '../../experiment/schema.ts';
import type { ExperimentFacts, NetworkFacts } from '../../protocol/experimentFacts.ts';

/** Multiply-accumulate operations that a core does in a second in small networks: taken for all machines, so the estimate is rough. */
const MACS_PER_CORE = 2e9;
/** What a training step takes beside its arithmetic. */
const SECONDS_PER_STEP = 5e-4;
/** Starting, checking, evaluating and the report, which measures speeds for some seconds. */
const FIXED_SECONDS = { least: 3, most: 15 };
/** An estimate may be wrong by about this factor either way. */
const UNCERTAINTY = 3;
/** A training step takes the forward pass, and about twice that for the gradients. */
const PASSES_PER_STEP = 3;
/** Of what is trained otherwise that trials of learning rates and objectives take: as it is, and at most of the minutes that trainings may take. */
const TRIALS_SHARE = 0.15;
const MOST_TRIALS_SHARE = 0.33;

/** Seconds that an experiment takes by the work that its networks and data are, from the least to the most; null where that is not known. @param triesObjectives whether the file names none */
export function estimateSeconds(
  experiment: SettledExperiment,
  { teacher, student, data }: Pick<ExperimentFacts, 'teacher' | 'data'> & { readonly student: NetworkFacts },
  triesObjectives: boolean,
): { readonly least: number; readonly most: number } | null {
  const { training, baseline, repeats, folds = 0 } = experiment;
  const trainings = (repeats + folds) * (baseline && teacher ? 2 : 1);
  const steps = (data.training / training.batchSize) * training.epochs;
  const seen = data.training * training.epochs;
  const teacherPasses = data.training * timesAsked(experiment) + data.validation + data.test;
  const teacherEpochs = epochsOfTeacher(experiment) * (1 + folds);
  const teacherTraining = data.training * teacherEpochs * PASSES_PER_STEP;
  const macs =
    seen * PASSES_PER_STEP * student.macs * trainings + (teacherPasses + teacherTraining) * (teacher?.macs ?? 0);
  const allSteps = steps * trainings + (data.training / training.batchSize) * teacherEpochs;
  const seconds = macs / (MACS_PER_CORE * availableParallelism()) + allSteps * SECONDS_PER_STEP;
  if (!Number.isFinite(seconds)) return null;
  const limit = 60 * trainings * (training.maxMinutes ?? Infinity);
  const tried = teacher && triesObjectives ? TRIALS_SHARE * seconds : 0;
  const between = (fixed: number, factor: number): number =>
    Math.ceil(fixed + Math.min(tried * factor, MOST_TRIALS_SHARE * limit) + Math.min(seconds * factor, limit));
  return { least: between(FIXED_SECONDS.least, 1 / UNCERTAINTY), most: between(FIXED_SECONDS.most, UNCERTAINTY) };
}

/** Of a teacher that is trained first, and of those that teach what it has learned, which has what the student's training does not share with it; 0 without one. */
function epochsOfTeacher(experiment: SettledExperiment): number {
  const teacher = teacherToTrain(experiment);
  if (!teacher) return 0;
  const own = teacher.training?.epochs;
  const epochs = typeof own === 'number' ? own : experiment.training.epochs;
  return epochs * (typeof teacher.crossFit === 'number' ? 1 + teacher.crossFit : 1);
}

/** How often the teachers are asked about a training sample: at every step where the student never sees the same one again. */
function timesAsked(experiment: SettledExperiment): number {
  const augmentation = batchAugmentationOf(experiment);
  return augmentation ? Math.min(augmentation.views ?? Infinity, experiment.training.epochs) : 1;
}
