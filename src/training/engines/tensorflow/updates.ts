import { completeOptimizer, type OptimizerOptions, type OptimizerSettings } from '../../optimizers/chooseOptimizer.ts';
import type { Tensor, TensorFlow } from './tensorflow.ts';

/** A weight, its gradient and what the optimizer remembers of it; all of one shape. */
export interface UpdateInputs {
  readonly weight: Tensor;
  readonly gradient: Tensor;
  readonly slots: readonly Tensor[];
  /** Whether weight decay acts on this weight. */
  readonly decays: boolean;
  /** 0 for a weight that does not decay. */
  readonly weightDecay: number;
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

/** What decoupled weight decay (arXiv 1711.05101) leaves of a weight. */
function decayed(tf: TensorFlow, { weight, weightDecay, learningRate }: UpdateInputs): Tensor {
  return weightDecay > 0 ? tf.mul(weight, 1 - learningRate * weightDecay) : weight;
}

/** The moments of Adam as Kingma & Ba (arXiv 1412.6980) write it, algorithm 1, and the ratio of the unbiased ones. */
function moments(
  tf: TensorFlow,
  { beta1, beta2, epsilon }: OptimizerSettings,
  { gradient, slots, step }: UpdateInputs,
): { readonly ratio: Tensor; readonly slots: readonly Tensor[] } {
  const [first = gradient, second = gradient] = slots;
  const mean = tf.add(tf.mul(beta1, first), tf.mul(1 - beta1, gradient));
  const square = tf.add(tf.mul(beta2, second), tf.mul(1 - beta2, tf.square(gradient)));
  const unbiasedMean = tf.div(mean, 1 - beta1 ** step);
  const unbiasedSquare = tf.div(square, 1 - beta2 ** step);
  return { ratio: tf.div(unbiasedMean, tf.add(tf.sqrt(unbiasedSquare), epsilon)), slots: [mean, square] };
}

function adam(settings: OptimizerSettings): Update {
  return {
    slotCount: 2,
    apply(tf, inputs) {
      const { ratio, slots } = moments(tf, settings, inputs);
      return { weight: tf.sub(decayed(tf, inputs), tf.mul(inputs.learningRate, ratio)), slots };
    },
  };
}

/** LAMB as You et al. (arXiv 1904.00962) write it, algorithm 2; a weight that does not decay follows Adam. */
function lamb(settings: OptimizerSettings): Update {
  return {
    slotCount: 2,
    apply(tf, inputs) {
      const { weight, learningRate, weightDecay } = inputs;
      const { ratio, slots } = moments(tf, settings, inputs);
      if (!inputs.decays) return { weight: tf.sub(weight, tf.mul(learningRate, ratio)), slots };
      const update = tf.add(ratio, tf.mul(weightDecay, weight));
      const [weightNorm, updateNorm] = [tf.norm(weight), tf.norm(update)];
      const hasBoth = tf.logicalAnd(tf.greater(weightNorm, 0), tf.greater(updateNorm, 0));
      const trust = tf.where(hasBoth, tf.div(weightNorm, updateNorm), tf.onesLike(weightNorm));
      return { weight: tf.sub(weight, tf.mul(learningRate, tf.mul(trust, update))), slots };
    },
  };
}

/** Stochastic gradient descent with momentum: u' = μu + g, w' = w − rate · u', or with Nesterov's w − rate · (g + μu'). */
function sgd({ momentum, nesterov }: OptimizerSettings): Update {
  return {
    slotCount: 1,
    apply(tf, inputs) {
      const { gradient, learningRate } = inputs;
      const [velocity = gradient] = inputs.slots;
      const moved = tf.add(tf.mul(momentum, velocity), gradient);
      const direction = nesterov ? tf.add(gradient, tf.mul(momentum, moved)) : moved;
      return { weight: tf.sub(decayed(tf, inputs), tf.mul(learningRate, direction)), slots: [moved] };
    },
  };
}

/** Lion as Chen et al. (arXiv 2302.06675) write it, program 1. */
function lion({ beta1, beta2 }: OptimizerSettings): Update {
  return {
    slotCount: 1,
    apply(tf, inputs) {
      const { gradient, learningRate } = inputs;
      const [moment = gradient] = inputs.slots;
      const direction = tf.sign(tf.add(tf.mul(beta1, moment), tf.mul(1 - beta1, gradient)));
      const moved = tf.add(tf.mul(beta2, moment), tf.mul(1 - beta2, gradient));
      return { weight: tf.sub(decayed(tf, inputs), tf.mul(learningRate, direction)), slots: [moved] };
    },
  };
}

/** The update rule of an optimizer's name. */
export function chooseUpdate(options: OptimizerOptions): Update {
  const settings = completeOptimizer(options);
  switch (settings.optimizer) {
    case 'adam':
    case 'adamw':
      return adam(settings);
    case 'sgd':
      return sgd(settings);
    case 'lamb':
      return lamb(settings);
    case 'lion':
      return lion(settings);
  }
}
