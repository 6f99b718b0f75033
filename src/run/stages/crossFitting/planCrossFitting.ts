import { estimatorOf, teacherToTrain, type TeacherToTrain } from '../../../experiment/networkToTrain.ts';
import { needsTeacher, preparedTargetsOf } from '../../../objectives/objectiveTerm.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import type { Run } from '../../run.ts';
import { tellsLittle } from '../trials/decide.ts';
import { plannedTeacher } from '../trials/plannedTrainings.ts';
import { costOfStep, expectedSteps, MACS_PER_TRIAL, MOST_CROSS_FITTED } from '../trials/planTrials.ts';

/** Parts that samples are divided into where the file does not say it. */
const USUAL_PARTS = 5;
/** Numbers that what is fitted at once may look at, rows times columns: forests of so many take seconds. */
const MOST_FITTED = 1e6;
/** What teachers say of the samples is held in memory. */
const MOST_BYTES = 2 ** 28;

/** How a teacher is trained once more for each part of the samples, without it. */
export interface CrossFittingPlan {
  readonly teacher: TeacherToTrain;
  readonly parts: number;
  /** Whether the file says so. */
  readonly isNamed: boolean;
}

/**
 * Whether what the student is taught of a sample is said by a teacher that has not learned it, and by how many of them. Where the file leaves
 * that open: where one that was trained here has learned the very samples of the student (by heart, as is found out then), and training others takes a minute or two. It counts
 * steps and what they compute, and nothing that is measured, so that two runs of one seed do alike.
 *
 * @param run with its transfer set as it is taught
 * @returns undefined where the one teacher says all
 */
export function planCrossFitting(run: Run, teachers: Teachers): CrossFittingPlan | undefined {
  const teacher = teacherToTrain(run.experiment);
  if (!teacher || teachers.said) return undefined;
  const { crossFit = 'auto' } = teacher;
  if (crossFit === 'never') return undefined;
  if (crossFit !== 'auto') return { teacher, parts: crossFit, isNamed: true };
  return isOpen(run) && suits(run) && isSoonDone(run, teachers)
    ? { teacher, parts: USUAL_PARTS, isNamed: false }
    : undefined;
}

/** Whether the file leaves it to Distillery how long is trained, and by what. */
function isOpen({ experiment, written, shared }: Run): boolean {
  const { rounds, engine, training } = experiment;
  const isElsewhere = shared !== undefined || rounds !== undefined || engine !== 'onnxruntime';
  return written.training.epochs === 'auto' && training.maxMinutes === undefined && !isElsewhere;
}

/** Whether teacher and student learn from the same samples, as they are, and these are enough to learn from four fifths of them. */
function suits({ experiment, prepared }: Run): boolean {
  const { dataset, augmentation } = experiment;
  const { task, training, validation } = prepared.dataset;
  const { unlabelled, exclude, limit, split } = dataset;
  // Those that it was tried on.
  const isKnown = task.kind === 'classification' || task.kind === 'regression';
  const isOfOthers =
    unlabelled !== undefined || exclude !== undefined || (limit !== undefined && training.count >= limit);
  // What belongs together would be learned and asked about.
  const isGrouped = split?.group !== undefined || split?.time !== undefined;
  const { objective } = prepared;
  const isTaught = objective.some(needsTeacher) && preparedTargetsOf(objective).size === 0;
  const hasEnough = validation.count > 0 && !tellsLittle(validation);
  return isKnown && isTaught && hasEnough && augmentation === undefined && !isOfOthers && !isGrouped;
}

function isSoonDone(run: Run, teachers: Teachers): boolean {
  const { prepared, experiment } = run;
  const { training, sampleShape } = prepared.dataset;
  if (4 * training.count * elementCount(prepared.outputShape) > MOST_BYTES) return false;
  const teacher = teacherToTrain(experiment);
  if (teacher && estimatorOf(teacher)) return training.count * elementCount(sampleShape) <= MOST_FITTED;
  const planned = plannedTeacher(run, teachers);
  if (!planned) return false;
  const each = expectedSteps(planned) * costOfStep(planned) + MACS_PER_TRIAL;
  return USUAL_PARTS * each <= MOST_CROSS_FITTED;
}
