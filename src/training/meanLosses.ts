import { DistilleryError } from '../errors.ts';

/** Sums of the losses that were read in an epoch, so that their means can be told. */
export class MeanLosses {
  readonly #sums: Map<string, number>;
  #count: number;

  /** Goes on from sums that were stored. */
  constructor(stored: StoredLosses = { sums: {}, count: 0 }) {
    this.#sums = new Map(Object.entries(stored.sums));
    this.#count = stored.count;
  }

  get stored(): StoredLosses {
    return { sums: Object.fromEntries(this.#sums), count: this.#count };
  }

  /** Adds a step's losses. @throws DistilleryError `DIVERGED` when one of them is not a number */
  add(losses: Readonly<Record<string, number>>, step: number): void {
    this.#count++;
    for (const [name, value] of Object.entries(losses)) {
      if (!Number.isFinite(value)) throw diverged(name, value, step);
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + value);
    }
  }

  means(): Record<string, number> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#count]));
  }
}

/** Losses by name, summed over `count` steps. */
export interface StoredLosses {
  readonly sums: Readonly<Record<string, number>>;
  readonly count: number;
}

function diverged(name: string, value: number, step: number): DistilleryError {
  return new DistilleryError('DIVERGED', `Training diverged: the loss '${name}' is ${value} at step ${step}.`, {
    hint: 'Lower training.learningRate, or check that the data has no infinite values.',
  });
}
