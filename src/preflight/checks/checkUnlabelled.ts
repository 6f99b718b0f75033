import type { Problem } from '../../errors.ts';
import type { Experiment } from '../../experiment/schema.ts';
import { needsTeacher, type ObjectiveTerm } from '../../objectives/objectiveTerm.ts';

/** What keeps samples without labels from being learned from: somebody has to label them, and something has to ask for that. */
export function checkUnlabelled(
  { dataset, teacher, engine }: Experiment,
  objective: readonly ObjectiveTerm[],
): readonly Problem[] {
  const fields = (['unlabelled', 'synthesize'] as const).filter((field) => dataset[field] !== undefined);
  return fields.flatMap((field) => {
    const where = `dataset.${field}`;
    if (teacher === null) {
      const message = 'Samples without labels are labelled by the teacher, and there is none.';
      return [{ where, message, hint: 'Name a teacher, or leave the field out.' }];
    }
    if (!objective.some(needsTeacher)) {
      const message = 'Samples without labels teach nothing, as no term of the objective compares with the teacher.';
      return [{ where, message, hint: 'Add a term such as `kd` or `teacher-mse`, or leave the field out.' }];
    }
    if (engine === 'tensorflow') {
      const message = "The engine 'tensorflow' takes a label for every sample.";
      return [{ where, message, hint: "Choose the engine 'onnxruntime', or leave the field out." }];
    }
    return [];
  });
}
