/** What the watch has seen; stored with checkpoints. */
export interface StoredWatch {
  /** Exponential average of the validation losses. */
  readonly smoothed: number;
  readonly lowest: number;
  /** Steps that were done when it was lowest. */
  readonly lowestAt: number;
  /** Steps that were done when the last loss was noted. */
  readonly notedAt: number;
}

/** Share of the patience over which losses are averaged: one lucky epoch on a small validation split decides nothing. */
const MEMORY = 0.2;

/** An average that falls by less than this share counts as not falling. */
const LEAST_FALL = 1e-3;

/** Finds out when the loss on the validation split no longer falls. */
export class LossWatch {
  readonly #patienceSteps: number;
  #seen: StoredWatch | undefined;

  constructor(patienceSteps: number, stored?: StoredWatch) {
    this.#patienceSteps = patienceSteps;
    this.#seen = stored;
  }

  get stored(): StoredWatch | undefined {
    return this.#seen;
  }

  /** Notes the loss after an epoch and tells whether it has stopped falling. @param step number of steps done */
  note(step: number, loss: number): boolean {
    const seen = this.#seen;
    if (!Number.isFinite(loss)) return false;
    if (!seen) {
      this.#seen = { smoothed: loss, lowest: loss, lowestAt: step, notedAt: step };
      return false;
    }
    const kept = Math.exp(-(step - seen.notedAt) / (MEMORY * this.#patienceSteps));
    const smoothed = kept * seen.smoothed + (1 - kept) * loss;
    const falls = smoothed < seen.lowest * (1 - LEAST_FALL);
    this.#seen = {
      smoothed,
      lowest: falls ? smoothed : seen.lowest,
      lowestAt: falls ? step : seen.lowestAt,
      notedAt: step,
    };
    return step - this.#seen.lowestAt >= this.#patienceSteps;
  }
}
