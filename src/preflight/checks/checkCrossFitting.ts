import type { Problem } from '../../errors.ts';
import { teacherToTrain } from '../../experiment/networkToTrain.ts';
import type { Experiment } from '../../experiment/schema.ts';
import { preparedTargetsOf } from '../../objectives/objectiveTerm.ts';

/** What a number of parts (`teacher.crossFit`) cannot be combined with: whatever makes the samples of teacher and student others. */
export function checkCrossFitting(experiment: Experiment): readonly Problem[] {
  const { teacher } = experiment;
  if (!teacher || 'ensemble' in teacher) return [];
  if ('sites' in teacher) {
    return teacher.sites.flatMap((site, index) =>
      typeof site.teacher.crossFit === 'number'
        ? [
            {
              where: `teacher.sites[${index}].teacher.crossFit`,
              message: 'A site tells of public samples, which its teacher has not learned.',
              hint: 'Leave the field out.',
            },
          ]
        : [],
    );
  }
  if (typeof teacher.crossFit !== 'number') return [];
  const where = 'teacher.crossFit';
  if (!teacherToTrain(experiment)) {
    const message =
      'The teacher is a file that is not trained here, so no other can be trained without a part of the samples.';
    return [{ where, message, hint: "Leave the field out, or say with 'training' how the teacher is fine-tuned." }];
  }
  return problemsOfSamples(experiment).map((found) => ({ where, ...found }));
}

/** What makes the student's samples, or what it is taught of them, others than what its teachers learn. */
function problemsOfSamples({
  dataset,
  augmentation,
  rounds,
  engine,
  objective,
}: Experiment): readonly Pick<Problem, 'message' | 'hint'>[] {
  const problems: Pick<Problem, 'message' | 'hint'>[] = [];
  if (dataset.limit !== undefined) {
    problems.push({
      message:
        'The student has a part of the samples (dataset.limit), of which the teacher knows more from the others.',
      hint: "Leave 'teacher.crossFit' or 'dataset.limit' out.",
    });
  }
  if (dataset.exclude !== undefined) {
    problems.push({
      message: 'The student lacks classes (dataset.exclude) that the teacher learns, so that they have other samples.',
      hint: "Leave 'teacher.crossFit' or 'dataset.exclude' out.",
    });
  }
  if (augmentation !== undefined) {
    problems.push({
      message: 'Teachers tell of samples as they are, and the student sees them changed (augmentation).',
      hint: "Leave 'teacher.crossFit' or 'augmentation' out.",
    });
  }
  if (rounds !== undefined) {
    problems.push({
      message: 'In rounds every worker asks the one teacher.',
      hint: "Leave 'teacher.crossFit' or 'rounds' out.",
    });
  }
  if (engine !== 'onnxruntime') {
    problems.push({
      message: "Only the engine 'onnxruntime' trains teachers that have not learned a part of the samples.",
      hint: "Leave 'teacher.crossFit' or 'engine' out.",
    });
  }
  if (Array.isArray(objective) && preparedTargetsOf(objective).size > 0) {
    problems.push({
      message: 'A target of the objective is made of what the one teacher says of all samples.',
      hint: "Leave 'teacher.crossFit' out, or name the target 'soft' or 'hard'.",
    });
  }
  return problems;
}
