import { isDeepStrictEqual } from 'node:util';
import type { ExperimentDraft, PanelState } from '../../protocol/panel.ts';
import { nameOf } from '../experiments/drafts.ts';

/** Tells whether closing a panel loses what was put together in it: what no file and no run holds. */
export class UnsavedDraft {
  #held: ExperimentDraft;
  #runFolder: string | undefined;

  /** @param opened what the panel was opened with, which can be opened so again */
  constructor(opened: PanelState) {
    this.#held = opened.draft;
    this.#runFolder = opened.runFolder;
  }

  /** Another state: a run that was started holds what it was started with. */
  note({ draft, runFolder }: PanelState): void {
    if (runFolder !== undefined && runFolder !== this.#runFolder) this.#held = draft;
    this.#runFolder = runFolder;
  }

  /** @param readFile reads an experiment file */
  async isLost({ draft, file }: PanelState, readFile: (path: string) => Promise<ExperimentDraft>): Promise<boolean> {
    // One without a teacher and data is nothing yet.
    if (nameOf(draft, file) === undefined || isDeepStrictEqual(draft, this.#held)) return false;
    const saved = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    return !isDeepStrictEqual(draft, saved);
  }
}
