/**
 * A run of several steps takes no longer than this, about: so often progress is told, and so soon a stop is obeyed. The state of a network
 * with many weights is copied once per run, which takes as long as a tenth of a step does and more.
 */
const RUN_MS = 500;

/** The batches of a run take no more than this: they are held three times, once to be filled while others are trained on. */
const RUN_BYTES = 2 ** 22;

/** Decides how many steps the engine does in one run, from how long the last run took. The results do not depend on it. */
export class RunLength {
  readonly #most: number;
  #steps = 1;

  /**
   * @param most steps that the engine does in one run
   * @param stepBytes of the batch of one step
   */
  constructor(most: number, stepBytes: number) {
    this.#most = Math.min(most, Math.floor(RUN_BYTES / stepBytes));
  }

  /** Steps of the coming run. */
  get steps(): number {
    return this.#steps;
  }

  /** Notes that a run of so many steps took so many milliseconds. One run that was slow for once changes little. */
  note(steps: number, milliseconds: number): void {
    const fitting = Math.floor((RUN_MS * steps) / Math.max(milliseconds, 1e-3));
    this.#steps = Math.max(1, Math.min(fitting, 2 * this.#steps, this.#most));
  }
}
