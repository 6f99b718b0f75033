/** Steps in a row without a finite loss after which no smaller scale helps: from its start it has become 2⁻¹⁶ by then. */
const MOST = 32;

/**
 * Tells losses of steps that half precision leaves out (their loss may have overflowed) from those of a training that has
 * diverged: a few in a row from many.
 */
export class SkippedLosses {
  #inARow = 0;

  /** Whether the losses of a step, the next one, are to be left out. */
  isSkipped(losses: Readonly<Record<string, number>>): boolean {
    this.#inARow = Object.values(losses).every(Number.isFinite) ? 0 : this.#inARow + 1;
    return this.#inARow > 0 && this.#inARow < MOST;
  }
}
