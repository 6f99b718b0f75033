/** Where a timeline was bent; stored with checkpoints. */
export interface StoredTimeline {
  /** The step from which on it is another. */
  readonly from: number;
  /** Planned steps that had passed by then. */
  readonly passed: number;
  /** The step at which it ends. */
  readonly end: number;
}

/**
 * The steps of a training against those that were planned. A training that is to end sooner goes through the rest of its
 * schedules faster, so that the learning rate comes down to its end all the same; one that turns out to have more time, more slowly again.
 */
export class Timeline {
  /** Steps that were planned; schedules are written for them. */
  readonly planned: number;
  #bend: StoredTimeline;

  constructor(planned: number, stored: StoredTimeline = { from: 0, passed: 0, end: planned }) {
    this.planned = planned;
    this.#bend = stored;
  }

  /** The step at which the training ends. */
  get end(): number {
    return this.#bend.end;
  }

  /** Undefined while it is as it was planned. */
  get stored(): StoredTimeline | undefined {
    return this.#bend.from === 0 && this.#bend.end === this.planned ? undefined : this.#bend;
  }

  /** The planned step that a step, counted from 0, stands for; the present one or a later. */
  position(step: number): number {
    const { from, passed, end } = this.#bend;
    return passed + ((this.planned - passed) * Math.max(0, step - from)) / Math.max(1, end - from);
  }

  /** Goes through what is left of the plan in so many steps from here on. @param step number of steps done */
  fit(step: number, left: number): void {
    this.#bend = { from: step, passed: this.position(step), end: step + Math.max(1, Math.round(left)) };
  }
}
