import { USUAL_PARTS } from '../data/splits/divideFold.ts';
import type { Task } from '../data/task.ts';
import { estimatorOf, type TeacherToTrain } from '../experiment/networkToTrain.ts';
import type { Experiment } from '../experiment/schema.ts';
import { needsTeacher, preparedTargetsOf, type ObjectiveTerm } from '../objectives/objectiveTerm.ts';
import { elementCount } from '../onnx/tensor.ts';
import { tellsLittle } from './tellsLittle.ts';
import { costOfStep, expectedSteps, MACS_PER_TRIAL, type PlannedTraining } from './trainingCost.ts';

/** What cross-fitting may compute, in multiply-accumulates: a minute or two. */
export const MOST_CROSS_FITTED = 5e11;
/** Numbers that what is fitted at once may look at, rows times columns: forests of so many take seconds. */
const MOST_FITTED = 1e6;
/** What teachers say of the samples is held in memory. */
const MOST_BYTES = 2 ** 28;

/** The samples that a teacher that is trained here shares with the student. */
export interface SharedSamples {
  readonly task: Task['kind'];
  readonly training: number;
  readonly validation: number;
  readonly sampleShape: readonly number[];
  readonly outputShape: readonly number[];
}

/**
 * Whether, where the file leaves that open, others may teach in the place of a teacher that is trained here (cross-fitting): the file leaves it to
 * Distillery how long is trained, and by what; teacher and student learn from the same samples, as they are, and these are enough to learn from
 * four fifths of them; and training others takes a minute or two. The teacher may still not have learned the samples by heart.
 *
 * @param written the experiment as its file has it
 * @param objective undefined where it is not chosen yet
 * @param planned the teacher's training; undefined where it is fitted at once
 */
export function mayBeCrossFitted(
  written: Experiment,
  teacher: TeacherToTrain,
  samples: SharedSamples,
  {
    objective,
    planned,
  }: { readonly objective: readonly ObjectiveTerm[] | undefined; readonly planned: PlannedTraining | undefined },
): boolean {
  return isOpen(written) && suits(written, samples, objective) && isSoonDone(teacher, samples, planned);
}

function isOpen({ rounds, engine, training }: Experiment): boolean {
  const isElsewhere = rounds !== undefined || engine !== 'onnxruntime';
  return training.epochs === 'auto' && training.maxMinutes === undefined && !isElsewhere;
}

function suits(
  { dataset, augmentation }: Experiment,
  { task, training, validation }: SharedSamples,
  objective: readonly ObjectiveTerm[] | undefined,
): boolean {
  const { unlabelled, exclude, limit, split } = dataset;
  // Those that it was tried on.
  const isKnown = task === 'classification' || task === 'regression';
  const isOfOthers = unlabelled !== undefined || exclude !== undefined || (limit !== undefined && training >= limit);
  // What belongs together would be learned and asked about.
  const isGrouped = split?.group !== undefined || split?.time !== undefined;
  const isTaught = objective === undefined || (objective.some(needsTeacher) && preparedTargetsOf(objective).size === 0);
  const hasEnough = validation > 0 && !tellsLittle({ count: validation });
  return isKnown && isTaught && hasEnough && augmentation === undefined && !isOfOthers && !isGrouped;
}

function isSoonDone(
  teacher: TeacherToTrain,
  { training, sampleShape, outputShape }: SharedSamples,
  planned: PlannedTraining | undefined,
): boolean {
  if (4 * training * elementCount(outputShape) > MOST_BYTES) return false;
  if (estimatorOf(teacher)) return training * elementCount(sampleShape) <= MOST_FITTED;
  if (!planned) return false;
  const each = expectedSteps(planned) * costOfStep(planned) + MACS_PER_TRIAL;
  return USUAL_PARTS * each <= MOST_CROSS_FITTED;
}
