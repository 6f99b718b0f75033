import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../errors.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import type { ExperimentDraft, HostMessage, PanelState, PickerKind } from '../../protocol/panel.ts';
import { adviseDraft } from '../experiments/adviseDraft.ts';
import { withText } from '../experiments/draftPaths.ts';
import { rebasePaths, toExperimentPath } from '../experiments/drafts.ts';
import { readDraft } from '../experiments/experimentFiles.ts';
import { findProblems } from '../experiments/findProblems.ts';
import { saveExperiment } from '../experiments/saveExperiment.ts';
import { DraftChecks } from './draftChecks.ts';
import type { FactsWatch } from './factsWatch.ts';
import { pickPath } from './pickPath.ts';

/** The tab that something is done for. */
export interface WorkedFor {
  readonly state: () => PanelState;
  readonly keep: (state: PanelState) => void;
  readonly post: (message: HostMessage) => void;
}

/** The experiment that is put together in a panel: checked with every change, saved, and changed by what a person picks or a report advises. */
export class PanelDraft {
  readonly #panel: WorkedFor;
  readonly #checks: DraftChecks;
  #isSaving = false;

  /** @param facts told of every change */
  constructor(panel: WorkedFor, facts: Pick<FactsWatch, 'look'>) {
    this.#panel = panel;
    this.#checks = new DraftChecks(
      () => this.problems(),
      (problems) => {
        panel.post({ kind: 'problems', problems });
        facts.look(panel.state(), problems);
      },
    );
  }

  get #state(): PanelState {
    return this.#panel.state();
  }

  problems(): Promise<readonly Problem[]> {
    return findProblems(this.#state.draft, this.#state.baseDirectory, vscode.l10n.t);
  }

  /** Tells what is wrong with the draft as the page has it. */
  tellProblems(): Promise<void> {
    return this.#checks.check();
  }

  /** Another draft, which the page shows at once: what is edited there from now on is edited in this one. */
  async change(draft: ExperimentDraft): Promise<void> {
    this.#panel.keep({ ...this.#state, draft });
    this.#panel.post({ kind: 'draft', draft });
    await this.tellProblems();
  }

  /** Takes over the file as it is on the disk. */
  async reloadFile(): Promise<void> {
    // What is saved here is known, and may have been edited since.
    if (this.#state.file === undefined || this.#isSaving) return;
    await this.change(await readDraft(this.#state.file));
  }

  /** Goes along with files that were moved or deleted in the editor: what is saved next would be another file else, or there again. */
  async goAlong(now: (state: PanelState) => PanelState): Promise<void> {
    const state = now(this.#state);
    if (state === this.#state) {
      // What it names may be gone.
      await this.tellProblems();
      return;
    }
    this.#panel.keep(state);
    await this.change(state.draft);
  }

  async save(): Promise<void> {
    this.#isSaving = true;
    const saved = await saveExperiment(() => this.#state).finally(() => {
      this.#isSaving = false;
    });
    if (!saved) return;
    const { draft, baseDirectory } = this.#state;
    const rebased = rebasePaths(draft, baseDirectory, saved.baseDirectory);
    this.#panel.keep({ ...this.#state, ...saved, draft: rebased });
    // The page has it, and may be a word further; but its paths may start from another folder now.
    if (rebased !== draft) this.#panel.post({ kind: 'draft', draft: rebased });
    await this.tellProblems();
  }

  /** Saves it and shows the file beside the panel. */
  async openAsFile(): Promise<void> {
    await this.save();
    if (this.#state.file === undefined) return;
    await vscode.window.showTextDocument(vscode.Uri.file(this.#state.file), { viewColumn: vscode.ViewColumn.Beside });
  }

  /** Asks for a file or folder. @param path of the field that names it */
  async pick(picker: PickerKind, path: string): Promise<void> {
    const chosen = await pickPath(picker, this.#state.baseDirectory);
    if (chosen === undefined) return;
    // Not every dialog keeps a person from editing meanwhile.
    const { draft, baseDirectory } = this.#state;
    await this.change(withText(draft, path, toExperimentPath(baseDirectory, chosen)));
  }

  /**
   * Makes a draft of what was run, changed as its report advises.
   * @param runDirectory folder that the run's paths start from
   */
  async applyAdvice(runFolder: string, runDirectory: string, change: ExperimentDraft): Promise<void> {
    const ran = await readDraft(join(runFolder, runFiles.experiment));
    const { draft, changed } = adviseDraft(this.#state, { ran, baseDirectory: runDirectory }, change);
    this.#panel.keep({ ...this.#state, draft });
    const places = changed.map(({ path, before }) => ({ path: path.join('.'), before }));
    this.#panel.post({ kind: 'advised', draft, changed: places });
    await this.tellProblems();
  }
}
