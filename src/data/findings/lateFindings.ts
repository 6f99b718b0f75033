import type { Finding } from './finding.ts';

/** What is only found out while samples are read, after the dataset was opened. */
export class LateFindings {
  readonly #found: Finding[] = [];
  #take: ((finding: Finding) => void) | undefined;

  /** Has what is found told to `take` from now on, and what was found before at once. */
  watch(take: (finding: Finding) => void): void {
    this.#take = take;
    for (const finding of this.#found.splice(0)) take(finding);
  }

  add(finding: Finding): void {
    if (this.#take) this.#take(finding);
    else this.#found.push(finding);
  }
}
