import { availableParallelism } from 'node:os';
import { teacherToTrain } from '../../experiment/networkToTrain.ts';
import { USUAL_PARTS } from '../../data/splits/divideFold.ts';
import { PARTS } from '../../training/epochByParts/findEpochByParts.ts';
import { PASSES } from '../trainingCost.ts';
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
/** Of what is trained otherwise that trials of learning rates and objectives take: as it is, and at most of the minutes that trainings may take. */
const TRIALS_SHARE = 0.15;
const MOST_TRIALS_SHARE = 0.33;

/** What of a run is not seen from its file and networks alone. */
export interface ForeseenWork {
  /** Whether the file names no objective, so that several are tried. */
  readonly triesObjectives: boolean;
  /** Multiply-accumulates of one sample that terms on values inside the networks take in the student's training; see `macsOfTerms`. */
  readonly macsOfTerms: number;
  /** Whether the teachers are asked at every step, because what they say of all samples is too much to be held. */
  readonly isAskedAlways: boolean;
  /** Whether others may be trained to teach in the teacher's place, as is found out when it is trained; see `mayBeCrossFitted`. */
  readonly mayBeCrossFitted: boolean;
  /** Whether parts of the samples tell which epoch of a training is kept; see `mayBeParted`. */
  readonly isParted: { readonly student: boolean; readonly teacher: boolean };
}

/** Seconds that an experiment takes by the work that its networks and data are, from the least to the most; null where that is not known. */
export function estimateSeconds(
  experiment: SettledExperiment,
  { teacher, student, data }: Pick<ExperimentFacts, 'teacher' | 'data'> & { readonly student: NetworkFacts },
  work: ForeseenWork,
): { readonly least: number; readonly most: number } | null {
  const { training, baseline, repeats, folds = 0 } = experiment;
  const timesTrained = work.isParted.student ? 1 + PARTS : 1;
  const taughtTrainings = (repeats + folds) * timesTrained;
  const trainings = taughtTrainings * (baseline && teacher ? 2 : 1);
  const steps = (data.training / training.batchSize) * training.epochs;
  const seen = data.training * training.epochs;
  const timesAskedOfEach = work.isAskedAlways ? training.epochs * (repeats + folds) : timesAsked(experiment);
  const teacherPasses = data.training * timesAskedOfEach + data.validation + data.test;
  // Only who is taught is compared inside.
  const ofStudent = student.macs * trainings + work.macsOfTerms * taughtTrainings;
  const macs = seen * PASSES * ofStudent + teacherPasses * (teacher?.macs ?? 0);
  const ofTeacher = secondsOf({
    macs: data.training * PASSES * (teacher?.macs ?? 0),
    steps: data.training / training.batchSize,
  });
  const epochs = epochsOfTeacher(experiment);
  const timesTeacher = epochs.named * (work.isParted.teacher ? 1 + PARTS : 1) * (1 + folds);
  const seconds = secondsOf({ macs, steps: steps * trainings }) + ofTeacher * timesTeacher;
  if (!Number.isFinite(seconds)) return null;
  const others = work.mayBeCrossFitted ? ofTeacher * epochs.once * USUAL_PARTS * (1 + folds) : 0;
  const limit = 60 * trainings * (training.maxMinutes ?? Infinity);
  const tried = teacher && work.triesObjectives ? TRIALS_SHARE * seconds : 0;
  const between = (fixed: number, factor: number, possible: number): number =>
    Math.ceil(
      fixed + Math.min(tried * factor, MOST_TRIALS_SHARE * limit) + Math.min((seconds + possible) * factor, limit),
    );
  return {
    least: between(FIXED_SECONDS.least, 1 / UNCERTAINTY, 0),
    most: between(FIXED_SECONDS.most, UNCERTAINTY, others),
  };
}

function secondsOf({ macs, steps }: { readonly macs: number; readonly steps: number }): number {
  return macs / (MACS_PER_CORE * availableParallelism()) + steps * SECONDS_PER_STEP;
}

/** Of a teacher that is trained first, once, and together with the others that the file asks for in its place; 0 without one. */
function epochsOfTeacher(experiment: SettledExperiment): { readonly once: number; readonly named: number } {
  const teacher = teacherToTrain(experiment);
  if (!teacher) return { once: 0, named: 0 };
  const own = teacher.training?.epochs;
  const once = typeof own === 'number' ? own : experiment.training.epochs;
  return { once, named: once * (typeof teacher.crossFit === 'number' ? 1 + teacher.crossFit : 1) };
}

/** How often the teachers are asked about a training sample: at every step where the student never sees the same one again. */
function timesAsked(experiment: SettledExperiment): number {
  const augmentation = batchAugmentationOf(experiment);
  return augmentation ? Math.min(augmentation.views ?? Infinity, experiment.training.epochs) : 1;
}
