import type { Problem } from '../../errors.ts';
import { estimatorOf, teacherToTrain } from '../../experiment/networkToTrain.ts';
import type { Experiment } from '../../experiment/schema.ts';

/** What of a teacher that is trained here cannot be: it learns the samples and classes as the dataset has them, and what is fitted at once has no steps. */
export function checkTrainedTeacher(experiment: Experiment): Problem[] {
  const teacher = teacherToTrain(experiment);
  const fitted = teacher && estimatorOf(teacher);
  if (teacher?.training && fitted) {
    const message = `A ${fitted.architecture} is fitted at once and not trained in steps.`;
    return [{ where: 'teacher.training', message, hint: "Leave 'training' out." }];
  }
  if (!teacher || !('model' in teacher)) return [];
  return (['normalization', 'classes'] as const)
    .filter((field) => teacher[field] !== undefined)
    .map((field) => ({
      where: `teacher.${field}`,
      message: 'The teacher is trained further on this dataset, as the dataset has its samples and classes.',
      hint: 'Leave the field out, or do not train the teacher.',
    }));
}
