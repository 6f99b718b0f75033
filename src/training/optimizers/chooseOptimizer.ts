import { adam } from './adam.ts';
import { lion } from './lion.ts';
import type { Optimizer } from './optimizer.ts';
import { sgd } from './sgd.ts';

/** An update rule by its name and what it may be told; what is left out takes the value that the rule's authors use. */
export interface OptimizerOptions {
  readonly optimizer: 'adam' | 'adamw' | 'sgd' | 'lion';
  /** Of sgd. */
  readonly momentum: number;
  /** Of sgd; by default false. */
  readonly nesterov?: boolean | undefined;
  /** Of all but sgd; by default 0.9. */
  readonly beta1?: number | undefined;
  /** Of all but sgd; by default 0.999, and 0.99 with lion. */
  readonly beta2?: number | undefined;
  /** Of adam and adamw; by default 1e-8. */
  readonly epsilon?: number | undefined;
}

/** The update rule that an experiment names. */
export function chooseOptimizer(options: OptimizerOptions): Optimizer {
  const { optimizer, momentum, nesterov = false, beta1 = 0.9 } = options;
  switch (optimizer) {
    case 'adam':
    case 'adamw': {
      const { beta2 = 0.999, epsilon = 1e-8 } = options;
      return adam({ beta1, beta2, epsilon });
    }
    case 'sgd':
      return sgd({ momentum, nesterov });
    case 'lion': {
      const { beta2 = 0.99 } = options;
      return lion({ beta1, beta2 });
    }
  }
}
