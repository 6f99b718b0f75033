import type { Problem } from '../../errors.ts';

/** Checks of a draft, which take their time: of what an older one found nothing is told once a newer one began, which may end sooner. */
export class DraftChecks {
  readonly #findProblems: () => Promise<readonly Problem[]>;
  readonly #tell: (problems: readonly Problem[]) => void;
  #begun = 0;

  /**
   * @param findProblems what is wrong with the draft as it is when this is called
   * @param tell gets what the newest check found
   */
  constructor(findProblems: () => Promise<readonly Problem[]>, tell: (problems: readonly Problem[]) => void) {
    this.#findProblems = findProblems;
    this.#tell = tell;
  }

  /** Checks the draft as it is now. @throws whatever finding its problems throws */
  async check(): Promise<void> {
    const check = ++this.#begun;
    const problems = await this.#findProblems();
    if (check === this.#begun) this.#tell(problems);
  }
}
