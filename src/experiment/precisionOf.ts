import type { TrainingPrecision } from '../training/precision/trainingPrecision.ts';
import type { Experiment } from './schema.ts';

/** The lowest precision that any network of an experiment is trained in: the student's, or that of a teacher that is trained first. */
export function precisionOf({ teacher, training }: Pick<Experiment, 'teacher' | 'training'>): TrainingPrecision {
  const own = teacher && 'training' in teacher ? teacher.training?.precision : undefined;
  return own === 'float16' ? own : training.precision;
}
