import type { SampleKind } from '../../../src/protocol/experimentFacts.ts';
import { suggestStudent } from './suggestStudent.ts';

/** Suggests students that suit the data, as long as nobody has chosen one. */
export class StudentSuggestions {
  /** Students that nobody chose, as JSON: the first one, and the one that was suggested last. */
  readonly #unchosen: string | undefined;
  #suggested: string | undefined;

  /** @param unchosen the student at first; undefined where somebody chose it */
  constructor(unchosen: unknown) {
    if (unchosen !== undefined) this.#unchosen = JSON.stringify(unchosen);
  }

  /** The student to have in place of this one; undefined where somebody chose it, or it suits the samples. */
  next(student: unknown, samples: SampleKind): ReturnType<typeof suggestStudent> | undefined {
    const written = JSON.stringify(student);
    if (written !== this.#suggested && written !== this.#unchosen) return undefined;
    const suggestion = suggestStudent(samples);
    this.#suggested = JSON.stringify(suggestion);
    return this.#suggested === written ? undefined : suggestion;
  }
}
