/** How many steps back the pace is measured. */
const WINDOW = 50;

/** Measures how fast steps go, over the recent ones, so that a pause or a slow start is soon forgotten. */
export class Pace {
  readonly #times: number[] = [performance.now()];

  /** Notes that one more step is done. */
  tick(): void {
    this.#times.push(performance.now());
    if (this.#times.length > WINDOW) this.#times.shift();
  }

  /** Steps per second; 0 before the first. */
  get stepsPerSecond(): number {
    const [first = 0] = this.#times;
    const elapsed = (this.#times.at(-1) ?? first) - first;
    return elapsed > 0 ? ((this.#times.length - 1) * 1000) / elapsed : 0;
  }
}
