import { teacherToTrain, type TeacherToTrain } from '../../../experiment/networkToTrain.ts';
import { USUAL_PARTS } from '../../../data/splits/divideFold.ts';
import { mayBeCrossFitted } from '../../../preflight/crossFitting.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import type { Run } from '../../run.ts';
import { plannedTeacher } from '../trials/plannedTrainings.ts';

/** How a teacher is trained once more for each part of the samples, without it. */
export interface CrossFittingPlan {
  readonly teacher: TeacherToTrain;
  readonly parts: number;
  /** Whether the file says so. */
  readonly isNamed: boolean;
}

/**
 * Whether what the student is taught of a sample is said by a teacher that has not learned it, and by how many of them. Where the file leaves
 * that open: see `mayBeCrossFitted`, and where the teacher has learned the samples by heart, as is found out then. It counts
 * steps and what they compute, and nothing that is measured, so that two runs of one seed do alike.
 *
 * @param run with its transfer set as it is taught
 * @returns undefined where the one teacher says all
 */
export function planCrossFitting(run: Run, teachers: Teachers): CrossFittingPlan | undefined {
  const { experiment, written, prepared, shared } = run;
  const teacher = teacherToTrain(experiment);
  if (!teacher || teachers.said) return undefined;
  const { crossFit = 'auto' } = teacher;
  if (crossFit === 'never') return undefined;
  if (crossFit !== 'auto') return { teacher, parts: crossFit, isNamed: true };
  if (shared !== undefined) return undefined;
  const { task, training, validation, sampleShape } = prepared.dataset;
  const samples = {
    task: task.kind,
    training: training.count,
    validation: validation.count,
    sampleShape,
    outputShape: prepared.outputShape,
  };
  // As it is settled; only how long is trained is known from the file alone.
  const asked = { ...experiment, training: written.training };
  const planned = plannedTeacher(run, teachers);
  return mayBeCrossFitted(asked, teacher, samples, { objective: prepared.objective, planned })
    ? { teacher, parts: USUAL_PARTS, isNamed: false }
    : undefined;
}
