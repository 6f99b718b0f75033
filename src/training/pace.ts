/** How many runs back the pace is measured. */
const WINDOW = 50;

/** Measures how fast steps go, over the recent ones, so that a pause or a slow start is soon forgotten. */
export class Pace {
  /** When a run ended, and how many steps were done then. */
  #marks: { readonly time: number; readonly steps: number }[] = [{ time: performance.now(), steps: 0 }];

  /** Notes that so many more steps are done. */
  tick(steps: number): void {
    this.#marks.push({ time: performance.now(), steps: (this.#marks.at(-1)?.steps ?? 0) + steps });
    if (this.#marks.length > WINDOW) this.#marks.shift();
  }

  /** Leaves a time out in which nothing was to be done. */
  rest(milliseconds: number): void {
    this.#marks = this.#marks.map(({ time, steps }) => ({ time: time + milliseconds, steps }));
  }

  /** Steps per second; 0 before the first. */
  get stepsPerSecond(): number {
    const [first] = this.#marks;
    const last = this.#marks.at(-1);
    const elapsed = first && last ? last.time - first.time : 0;
    return first && last && elapsed > 0 ? ((last.steps - first.steps) * 1000) / elapsed : 0;
  }
}
