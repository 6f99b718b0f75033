import type { PanelState } from '../../protocol/panel.ts';
import type { FactsAnswer } from '../../protocol/experimentFacts.ts';

/** How long nothing may be typed before teacher and data are looked into, which takes a while. */
const PAUSE_MS = 800;
/** The same of a student, which is told of at once where teacher and data are open. */
const STUDENT_PAUSE_MS = 60;

type Draft = Pick<PanelState, 'draft' | 'baseDirectory'>;

export interface ExperimentWatchOptions {
  readonly ask: (draft: Draft, signal: AbortSignal) => Promise<FactsAnswer>;
  /** Takes what was found of the newest draft; undefined while teacher and data are being looked into. */
  readonly onAnswer: (answer: FactsAnswer | undefined, draft: Draft) => void;
  readonly onError: (error: unknown) => void;
  readonly pauseMs?: number;
  readonly studentPauseMs?: number;
}

/**
 * Finds out what an experiment is about while it is edited: after a pause, one question at a time, and only when the answer may differ.
 * What is being found out about another teacher or other data than are chosen now is given up.
 */
export class ExperimentWatch {
  readonly #options: ExperimentWatchOptions;
  #asked: string | undefined;
  /** What the last answer was about, without the student. */
  #known: string | undefined;
  #wanted: Draft | undefined;
  #asking: { readonly surroundings: string; readonly controller: AbortController } | undefined;
  #isOutdated = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ExperimentWatchOptions) {
    this.#options = options;
  }

  /** Looks into a draft that can be opened. */
  look(draft: Draft): void {
    const newest = this.#wanted ? keyOf(this.#wanted) : this.#asked;
    if (keyOf(draft) === newest) return;
    this.#wanted = draft;
    clearTimeout(this.#timer);
    const surroundings = surroundingsOf(draft);
    if (this.#asking && this.#asking.surroundings !== surroundings) this.#asking.controller.abort();
    const { pauseMs = PAUSE_MS, studentPauseMs = STUDENT_PAUSE_MS } = this.#options;
    this.#timer = setTimeout(() => void this.#ask(), surroundings === this.#known ? studentPauseMs : pauseMs);
  }

  /** Drops what is being asked; the next draft is looked into even if it is the same. */
  forget(): void {
    this.#asked = undefined;
    this.#isOutdated = true;
    this.dispose();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#wanted = undefined;
    this.#asking?.controller.abort();
  }

  async #ask(): Promise<void> {
    const draft = this.#wanted;
    if (!draft || this.#asking) return;
    this.#wanted = undefined;
    this.#asked = keyOf(draft);
    this.#isOutdated = false;
    const surroundings = surroundingsOf(draft);
    const controller = new AbortController();
    this.#asking = { surroundings, controller };
    if (surroundings !== this.#known) this.#options.onAnswer(undefined, draft);
    this.#known = undefined;
    try {
      const answer = await this.#options.ask(draft, controller.signal);
      this.#known = surroundings;
      // An answer to what is not wanted any more would be about something else.
      if (this.#isUpToDate()) this.#options.onAnswer(answer, draft);
    } catch (error) {
      if (!controller.signal.aborted) {
        this.#options.onAnswer({ kind: 'refused', problems: [] }, draft);
        this.#options.onError(error);
      }
    } finally {
      this.#asking = undefined;
    }
    await this.#ask();
  }

  #isUpToDate(): boolean {
    return this.#wanted === undefined && !this.#isOutdated;
  }
}

/** What the answer depends on: how long a run takes, on all that is trained and tried. */
function keyOf(draft: Draft): string {
  const { student, objective, training, baseline, repeats, folds } = draft.draft;
  const isTried = objective === undefined || objective === 'auto';
  return JSON.stringify([surroundingsOf(draft), student, isTried, training, baseline, repeats, folds]);
}

/** What the answer depends on beside the student. */
export function surroundingsOf({ draft: { teacher, dataset }, baseDirectory }: Draft): string {
  return JSON.stringify([teacher, dataset, baseDirectory]);
}
