import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../errors.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import type { ExperimentDraft, HostMessage, PanelState, PickerKind } from '../../protocol/panel.ts';
import { adviseDraft } from '../experiments/adviseDraft.ts';
import { withText } from '../experiments/draftPaths.ts';
import { toExperimentPath } from '../experiments/drafts.ts';
import { readDraft } from '../experiments/experimentFiles.ts';
import { findProblems } from '../experiments/findProblems.ts';
import { saveExperiment } from '../experiments/saveExperiment.ts';
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
  readonly #facts: Pick<FactsWatch, 'look'>;
  /** How often the draft was checked. */
  #checks = 0;

  /** @param facts told of every change */
  constructor(panel: WorkedFor, facts: Pick<FactsWatch, 'look'>) {
    this.#panel = panel;
    this.#facts = facts;
  }

  get #state(): PanelState {
    return this.#panel.state();
  }

  problems(): Promise<readonly Problem[]> {
    return findProblems(this.#state.draft, this.#state.baseDirectory, vscode.l10n.t);
  }

  /** Tells what is wrong with the draft as the page has it. */
  async tellProblems(): Promise<void> {
    const check = ++this.#checks;
    const problems = await this.problems();
    // Of what was edited meanwhile another check tells, which may have been done sooner.
    if (check !== this.#checks) return;
    this.#panel.post({ kind: 'problems', problems });
    this.#facts.look(this.#state, problems);
  }

  async change(draft: ExperimentDraft): Promise<void> {
    this.#panel.keep({ ...this.#state, draft });
    this.#checks++;
    const problems = await this.problems();
    this.#panel.post({ kind: 'draft', draft, problems });
    this.#facts.look(this.#state, problems);
  }

  /** Takes over the file as it is on the disk. */
  async reloadFile(): Promise<void> {
    if (this.#state.file === undefined) return;
    await this.change(await readDraft(this.#state.file));
  }

  async save(): Promise<void> {
    const saved = await saveExperiment(this.#state);
    if (!saved) return;
    this.#panel.keep({ ...this.#state, ...saved });
    this.#panel.post({ kind: 'draft', draft: saved.draft, problems: await this.problems() });
  }

  /** Saves it and shows the file beside the panel. */
  async openAsFile(): Promise<void> {
    await this.save();
    if (this.#state.file === undefined) return;
    await vscode.window.showTextDocument(vscode.Uri.file(this.#state.file), { viewColumn: vscode.ViewColumn.Beside });
  }

  /** Asks for a file or folder. @param path of the field that names it */
  async pick(picker: PickerKind, path: string): Promise<void> {
    const { draft, baseDirectory } = this.#state;
    const chosen = await pickPath(picker, baseDirectory);
    if (chosen === undefined) return;
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
    const problems = await this.problems();
    const places = changed.map(({ path, before }) => ({ path: path.join('.'), before }));
    this.#panel.post({ kind: 'advised', draft, problems, changed: places });
    this.#facts.look(this.#state, problems);
  }
}
