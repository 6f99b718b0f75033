import type { Split } from './split.ts';
import { copyRows, type Targets } from '../targets.ts';

/** Samples kept in memory as they are read, such as the features of a split. */
export class FloatSamples implements Split {
  readonly count: number;
  readonly targets: Targets;
  readonly #values: Float32Array;

  /** @param values [count, …] */
  constructor(values: Float32Array, targets: Targets, count: number) {
    this.count = count;
    this.targets = targets;
    this.#values = values;
  }

  read(indices: ArrayLike<number>, target: Float32Array): Promise<void> {
    return new Promise((resolve) => {
      copyRows(this.#values, this.#values.length / this.count, indices, target);
      resolve();
    });
  }
}
