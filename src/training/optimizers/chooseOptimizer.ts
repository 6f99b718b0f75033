import { adam } from './adam.ts';
import { lamb } from './lamb.ts';
import { lion } from './lion.ts';
import type { Optimizer } from './optimizer.ts';
import { sgd } from './sgd.ts';

/** An update rule by its name, and what it may be told; what is left out takes the usual value of the rule. */
export interface OptimizerOptions {
  readonly optimizer: 'adam' | 'adamw' | 'sgd' | 'lamb' | 'lion';
  /** By default 0.01 with adamw and lamb, otherwise 0. */
  readonly weightDecay?: number | undefined;
  /** Of sgd. */
  readonly momentum: number;
  /** Of sgd; by default false. */
  readonly nesterov?: boolean | undefined;
  /** Of all but sgd; by default 0.9. */
  readonly beta1?: number | undefined;
  /** Of all but sgd; by default 0.999, and 0.99 with lion. */
  readonly beta2?: number | undefined;
  /** Of adam, adamw and lamb; by default 1e-8, and 1e-6 with lamb. */
  readonly epsilon?: number | undefined;
}

/** An update rule with everything that it needs to know. */
export type OptimizerSettings = Required<{ [Key in keyof OptimizerOptions]: NonNullable<OptimizerOptions[Key]> }>;

/** The options with the usual values of the rule for what they leave out. */
export function completeOptimizer(options: OptimizerOptions): OptimizerSettings {
  const { optimizer, momentum } = options;
  return {
    optimizer,
    momentum,
    nesterov: options.nesterov ?? false,
    weightDecay: options.weightDecay ?? (optimizer === 'adamw' || optimizer === 'lamb' ? 0.01 : 0),
    beta1: options.beta1 ?? 0.9,
    beta2: options.beta2 ?? (optimizer === 'lion' ? 0.99 : 0.999),
    epsilon: options.epsilon ?? (optimizer === 'lamb' ? 1e-6 : 1e-8),
  };
}

/** The update rule that an experiment names. */
export function chooseOptimizer(options: OptimizerOptions): Optimizer {
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
