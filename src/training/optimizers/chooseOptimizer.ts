import { adam } from './adam.ts';
import type { Optimizer } from './optimizer.ts';
import { sgd } from './sgd.ts';

export interface OptimizerOptions {
  readonly optimizer: 'adam' | 'sgd';
  /** Of sgd. */
  readonly momentum: number;
}

/** The update rule that an experiment names. */
export function chooseOptimizer({ optimizer, momentum }: OptimizerOptions): Optimizer {
  switch (optimizer) {
    case 'adam':
      return adam;
    case 'sgd':
      return sgd(momentum);
  }
}
