import { DistilleryError } from '../../../errors.ts';
import type { ObjectiveTerm } from '../../../objectives/buildObjective.ts';
import type { Scalar, Tensor, TensorFlow } from './tensorflow.ts';

/** What the losses look at. */
export interface LossInputs {
  /** Student logits [B, C]. */
  readonly student: Tensor;
  /** Label distributions [B, C]. */
  readonly labels: Tensor;
  /** Teacher logits [B, C]. */
  readonly teacher?: Tensor;
}

/** Losses that the TensorFlow engine computes. */
const losses: ReadonlySet<string> = new Set<ObjectiveTerm['loss']>(['kd', 'labels']);

/** Losses of an objective that the TensorFlow engine does not have. */
export function missingLosses(objective: readonly ObjectiveTerm[]): string[] {
  return [...new Set(objective.map(({ loss }) => loss).filter((loss) => !losses.has(loss)))];
}

/** One term of the objective: a mean over the batch of sums over the classes. */
export function computeLoss(tf: TensorFlow, term: ObjectiveTerm, inputs: LossInputs): Scalar {
  const { student, labels, teacher } = inputs;
  switch (term.loss) {
    case 'labels':
      return tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(student)), -1)));
    case 'kd': {
      if (!teacher) throw new DistilleryError('INTERNAL', `The loss '${term.loss}' needs a teacher.`);
      const { temperature } = term;
      const target = tf.softmax(tf.div(teacher, temperature));
      const logTarget = tf.logSoftmax(tf.div(teacher, temperature));
      const difference = tf.sub(logTarget, tf.logSoftmax(tf.div(student, temperature)));
      return tf.mul(temperature ** 2, tf.mean(tf.sum(tf.mul(target, difference), -1)));
    }
  }
}
