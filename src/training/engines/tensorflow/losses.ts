import { DistilleryError } from '../../../errors.ts';
import type { ObjectiveTerm } from '../../../objectives/objectiveTerm.ts';
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

/** A term that the TensorFlow engine computes. */
export type TensorflowTerm =
  | { readonly loss: 'kd'; readonly temperature: number; readonly weight: number }
  | { readonly loss: 'labels'; readonly weight: number };

/** The term as the TensorFlow engine computes it; undefined where it cannot: plain `kd` and `labels` are all it has. */
export function tensorflowTerm(term: ObjectiveTerm): TensorflowTerm | undefined {
  if (typeof term.weight !== 'number') return undefined;
  const { weight } = term;
  if (term.loss === 'labels')
    return term.smoothing > 0 || (term.focal ?? 0) > 0 || (term.classWeights ?? 'none') !== 'none'
      ? undefined
      : { loss: term.loss, weight };
  if (term.loss !== 'kd' || typeof term.temperature !== 'number') return undefined;
  if (term.standardize || term.target !== 'soft') return undefined;
  if ((term.divergence ?? 'forward') !== 'forward') return undefined;
  return { loss: term.loss, temperature: term.temperature, weight };
}

/** Losses of an objective that the TensorFlow engine does not have, or not in the form that is asked for. */
export function missingLosses(objective: readonly ObjectiveTerm[]): string[] {
  return [...new Set(objective.filter((term) => !tensorflowTerm(term)).map(({ loss }) => loss))];
}

/** One term of the objective: a mean over the batch of sums over the classes. */
export function computeLoss(tf: TensorFlow, term: TensorflowTerm, inputs: LossInputs): Scalar {
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
