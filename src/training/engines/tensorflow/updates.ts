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

/** Adam as Kingma & Ba (arXiv 1412.6980) write it, algorithm 1. */
function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: OptimizerOptions): Update {
  return {
    slotCount: 2,
    apply(tf, { weight, gradient, slots, learningRate, step }) {
      const [first = gradient, second = gradient] = slots;
      const mean = tf.add(tf.mul(beta1, first), tf.mul(1 - beta1, gradient));
      const square = tf.add(tf.mul(beta2, second), tf.mul(1 - beta2, tf.square(gradient)));
      const unbiasedMean = tf.div(mean, 1 - beta1 ** step);
      const unbiasedSquare = tf.div(square, 1 - beta2 ** step);
      const move = tf.div(unbiasedMean, tf.add(tf.sqrt(unbiasedSquare), epsilon));
      return { weight: tf.sub(weight, tf.mul(learningRate, move)), slots: [mean, square] };
    },
  };
}

/** Stochastic gradient descent with momentum: u' = μu + g, w' = w − rate · u', or with Nesterov's w − rate · (g + μu'). */
function sgd({ momentum, nesterov = false }: OptimizerOptions): Update {
  return {
    slotCount: 1,
    apply(tf, { weight, gradient, slots, learningRate }) {
      const [velocity = gradient] = slots;
      const moved = tf.add(tf.mul(momentum, velocity), gradient);
      const direction = nesterov ? tf.add(gradient, tf.mul(momentum, moved)) : moved;
      return { weight: tf.sub(weight, tf.mul(learningRate, direction)), slots: [moved] };
    },
  };
}

/** Lion as Chen et al. (arXiv 2302.06675) write it, program 1. */
function lion({ beta1 = 0.9, beta2 = 0.99 }: OptimizerOptions): Update {
  return {
    slotCount: 1,
    apply(tf, { weight, gradient, slots, learningRate }) {
      const [moment = gradient] = slots;
      const direction = tf.sign(tf.add(tf.mul(beta1, moment), tf.mul(1 - beta1, gradient)));
      const moved = tf.add(tf.mul(beta2, moment), tf.mul(1 - beta2, gradient));
      return { weight: tf.sub(weight, tf.mul(learningRate, direction)), slots: [moved] };
    },
  };
}

/** The update rule of an optimizer's name. */
export function chooseUpdate(options: OptimizerOptions): Update {
  switch (options.optimizer) {
    case 'adam':
    case 'adamw':
      return adam(options);
    case 'sgd':
      return sgd(options);
    case 'lion':
      return lion(options);
  }
}
