import type { TrainingPrecision } from '../training/precision/trainingPrecision.ts';
import type { Experiment } from './schema.ts';

type Trained = Pick<Experiment, 'teacher' | 'training'>;

/** What the networks of an experiment are trained in: a teacher that is trained first, where it is told of its own, and the student. */
export function precisionsOf({ teacher, training }: Trained): readonly TrainingPrecision[] {
  const own = teacher && 'training' in teacher ? teacher.training?.precision : undefined;
  return own === undefined ? [training.precision] : [own, training.precision];
}

/**
 * The precision of those that networks of an experiment are trained in that asks most of a device. Float16 needs one that has it; bfloat16 is
 * computed in float32 where there is none.
 */
export function precisionOf(experiment: Trained): TrainingPrecision {
  const wanted = precisionsOf(experiment);
  const most = (['float16', 'bfloat16'] as const).find((precision) => wanted.includes(precision));
  return most ?? 'float32';
}
