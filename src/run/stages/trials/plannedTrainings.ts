import { estimatorOf, teacherToTrain } from '../../../experiment/networkToTrain.ts';
import { trainingSchema } from '../../../experiment/schema/training.ts';
import { settleTrainingOf } from '../../../experiment/settleExperiment.ts';
import { estimateNetwork } from '../../../students/estimate.ts';
import { wholeGraph } from '../../../students/initialNetwork.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import { plannedTraining, type PlannedTraining } from '../../../preflight/trainingCost.ts';
import type { Run } from '../../run.ts';
import type { TrainingMaterial } from '../featureStage.ts';
import { buildInitialStudent } from '../studentStage.ts';
import type { Taught } from '../teacherStage.ts';
import type { PlannedTrainings } from './planTrials.ts';

/** The trainings of a run as they are planned, by steps and multiply-accumulates. */
export function plannedTrainings(run: Run, { training }: TrainingMaterial, taught: Taught): PlannedTrainings {
  const { experiment } = run;
  const teacher = plannedTeacher(run, taught.teachers);
  return {
    student: plannedTraining(
      experiment.training,
      training.count,
      wholeGraph(buildInitialStudent(run, taught.teachers)),
    ),
    askedMacs: taught.isAskedAnew ? macsOf(taught.teachers) : 0,
    hasBaseline: experiment.baseline,
    ...(teacher && { teacher }),
  };
}

/** The training of a teacher that was trained here on the labelled samples; undefined where none was, and of one that was fitted at once. */
export function plannedTeacher(
  { experiment, written, prepared: { dataset } }: Pick<Run, 'experiment' | 'written' | 'prepared'>,
  { members: [first] }: Teachers,
): PlannedTraining | undefined {
  const teacher = teacherToTrain(experiment);
  if (!teacher || !first || estimatorOf(teacher)) return undefined;
  const wanted = trainingSchema.parse({ ...written.training, ...teacher.training });
  return plannedTraining(settleTrainingOf(wanted, teacher, dataset), dataset.training.count, first.model.graph);
}

/** Multiply-accumulates of all teachers together for one sample. */
export function macsOf({ members }: Teachers): number {
  return members.reduce((sum, { model }) => sum + estimateNetwork(model.graph).macs, 0);
}
