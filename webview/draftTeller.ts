import type { ExperimentDraft } from '../src/protocol/panel.ts';
import { post } from './vscodeApi.ts';

/** Typing is told after this pause. */
const EDIT_PAUSE_MS = 150;

/** Tells the host of the draft: of edits once they pause, at once of what is asked about it. */
export class DraftTeller {
  readonly #draft: () => ExperimentDraft;
  #timer: number | undefined;

  /** @param draft gives it as it is at the moment */
  constructor(draft: () => ExperimentDraft) {
    this.#draft = draft;
  }

  /** Something was edited, and more may follow. */
  tellSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.tell('edit');
    }, EDIT_PAUSE_MS);
  }

  /** Edits that were not told are in the draft, too. */
  tell(kind: 'edit' | 'start' | 'listFeatures' | 'forecastOutputs'): void {
    clearTimeout(this.#timer);
    post({ kind, draft: this.#draft() });
  }
}
