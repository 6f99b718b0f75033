import type { OptimizerOptions } from '../../optimizers/chooseOptimizer.ts';
import type { Tensor, TensorFlow } from './tensorflow.ts';

/** A weight, its gradient and what the optimizer remembers of it; all of one shape. */
export interface UpdateInputs {
  readonly weight: Tensor;
  readonly gradient: Tensor;
  readonly slots: readonly Tensor[];
  readonly learningRate: number;
  /** Counted from 1. */
  readonly step: number;
}

export interface Updated {
  readonly weight: Tensor;
  readonly slots: readonly Tensor[];
}

/** An update rule: how many tensors it remembers of every weight, zeros at first, and what it does in a step. */
export interface Update {
  readonly slotCount: number;
  apply(tf: TensorFlow, inputs: UpdateInputs): Updated;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Adam as Kingma & Ba (arXiv 1412.6980) write it, algorithm 1. */
const adam: Update = {
  slotCount: 2,
  apply(tf, { weight, gradient, slots, learningRate, step }) {
    const [first = gradient, second = gradient] = slots;
    const mean = tf.add(tf.mul(BETA1, first), tf.mul(1 - BETA1, gradient));
    const square = tf.add(tf.mul(BETA2, second), tf.mul(1 - BETA2, tf.square(gradient)));
    const unbiasedMean = tf.div(mean, 1 - BETA1 ** step);
    const unbiasedSquare = tf.div(square, 1 - BETA2 ** step);
    const move = tf.div(unbiasedMean, tf.add(tf.sqrt(unbiasedSquare), EPSILON));
    return { weight: tf.sub(weight, tf.mul(learningRate, move)), slots: [mean, square] };
  },
};

/** Stochastic gradient descent with momentum: u' = μu + g, w' = w − rate · u'. */
function sgd(momentum: number): Update {
  return {
    slotCount: 1,
    apply(tf, { weight, gradient, slots, learningRate }) {
      const [velocity = gradient] = slots;
      const moved = tf.add(tf.mul(momentum, velocity), gradient);
      return { weight: tf.sub(weight, tf.mul(learningRate, moved)), slots: [moved] };
    },
  };
}

/** The update rule of an optimizer's name. */
export function chooseUpdate({ optimizer, momentum }: OptimizerOptions): Update {
  switch (optimizer) {
    case 'adam':
      return adam;
    case 'sgd':
      return sgd(momentum);
  }
}
