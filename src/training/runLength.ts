/**
 * A run of several steps takes no longer than this, about: so often progress is told, and so soon a stop is obeyed. The state of a network
 * with many weights is copied once per run, which takes as long as a tenth of a step does and more.
 */
const RUN_MS = 500;

/** The batches of a run take no more than this: they are held three times, once to be filled while others are trained on. */
const RUN_BYTES = 2 ** 22;

/** A state larger than this makes a difference: while a run does several steps, it is held twice more. */
const LARGE_STATE_BYTES = 2 ** 25;

/** Bytes of a state that are copied in a millisecond, about, and how many times longer than that a run with a large one takes at least. */
const COPIED_PER_MS = 8e6;
const LONGER_THAN_COPY = 10;

/** What bounds a run. */
export interface RunBounds {
  /** Steps that the engine does in one run. */
  readonly most: number;
  /** Of the batch of one step. */
  readonly stepBytes: number;
  /** Of weights and the optimizer's state, which are copied once per run. */
  readonly stateBytes: number;
}

/** Decides how many steps the engine does in one run, from how long the last run took. The results do not depend on it. */
export class RunLength {
  readonly #most: number;
  readonly #stateBytes: number;
  #steps = 1;

  constructor({ most, stepBytes, stateBytes }: RunBounds) {
    this.#most = Math.min(most, Math.floor(RUN_BYTES / stepBytes));
    this.#stateBytes = stateBytes;
  }

  /** Steps of the coming run. */
  get steps(): number {
    return this.#steps;
  }

  /** Notes that a run of so many steps took so many milliseconds. One run that was slow for once changes little. */
  note(steps: number, milliseconds: number): void {
    const perStep = Math.max(milliseconds, 1e-3) / steps;
    const worthwhile =
      this.#stateBytes > LARGE_STATE_BYTES
        ? Math.ceil((LONGER_THAN_COPY * this.#stateBytes) / COPIED_PER_MS / perStep)
        : Infinity;
    this.#steps = Math.max(1, Math.min(Math.floor(RUN_MS / perStep), worthwhile, 2 * this.#steps, this.#most));
  }
}
