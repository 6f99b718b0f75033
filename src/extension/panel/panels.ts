import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../errors.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import type { ExperimentDraft, PanelState } from '../../protocol/panel.ts';
import { runBase } from '../runs/runBase.ts';
import { draftWithTeacher, emptyDraft, nameOf, toExperimentPath } from '../experiments/drafts.ts';
import { logError } from '../logError.ts';
import type { KeptTabs } from '../views/keptTabs.ts';
import { takeWaitingTab } from '../views/waitingTab.ts';
import { readDraft } from '../experiments/experimentFiles.ts';
import { builtinDigitsFile } from '../experiments/builtinDigitsFile.ts';
import { DistillPanel } from './distillPanel.ts';
import type { PanelServices } from './panelServices.ts';
import { parsePanelState } from './panelTabs.ts';
import { UnsavedDraft } from './unsavedDraft.ts';

/** As package.json's activation event names it. */
export const PANEL_TYPE = 'distillery.panel';

/** The open panels: at most one for every experiment file and every run. */
export class Panels implements vscode.WebviewPanelSerializer {
  readonly #services: PanelServices;
  readonly #kept: KeptTabs<PanelState>;
  readonly #panels = new Set<DistillPanel>();
  readonly #opening = new Map<string, Promise<void>>();

  constructor(services: PanelServices, kept: KeptTabs<PanelState>) {
    this.#services = services;
    this.#kept = kept;
  }

  /** Opens a panel for a new experiment, with a teacher when one is given. */
  openNew(teacher?: vscode.Uri): void {
    const baseDirectory = directoryOf(teacher);
    const draft = teacher ? draftWithTeacher(toExperimentPath(baseDirectory, teacher.fsPath)) : emptyDraft();
    this.#open({ draft, baseDirectory });
  }

  /** Opens a panel with an experiment that no file holds. @param baseDirectory folder that its paths start from */
  openDraft(draft: ExperimentDraft, baseDirectory: string): void {
    this.#open({ draft, baseDirectory });
  }

  /** Opens a panel with the experiment that needs no files. */
  async openBuiltinDigits(): Promise<void> {
    const draft = await readDraft(builtinDigitsFile(this.#services.extensionUri));
    this.#open({ draft, baseDirectory: directoryOf(undefined) });
  }

  /**
   * Opens the panel of an experiment file.
   * @throws DistilleryError when the file cannot be read or is not JSON
   */
  openFile(file: string): Promise<void> {
    return this.#once(file, async () => {
      const open = this.#find((panel) => panel.state.file === file);
      if (open) open.reveal();
      else if (!(await this.#reopen((state) => state.file === file)))
        this.#open({ draft: await readDraft(file), baseDirectory: dirname(file), file });
    });
  }

  /**
   * Opens the panel of an experiment file and starts a run in it, of the file as it is on the disk.
   * @throws DistilleryError when the file cannot be read or is not JSON
   */
  async startFile(file: string): Promise<void> {
    await this.openFile(file);
    await this.#find((panel) => panel.state.file === file)?.startFile();
  }

  /** Opens the panel of a run, with the experiment that it ran, and shows how it goes on. */
  openRun(folder: string): Promise<void> {
    return this.#once(folder, async () => {
      const open = this.#ofRun(folder);
      if (open) {
        open.reveal();
        open.followRun();
        return;
      }
      if (await this.#reopen((state) => state.runFolder === folder)) return;
      const draft: ExperimentDraft = await readDraft(join(folder, runFiles.experiment));
      this.#open({ draft, baseDirectory: await runBase(this.#services.runs, folder), runFolder: folder });
    });
  }

  /** Tells the panel that started a run that the run was refused. */
  refuse(folder: string, problems: readonly Problem[]): void {
    this.#ofRun(folder)?.refuse(problems);
  }

  isRunVisible(folder: string): boolean {
    return this.#find((panel) => panel.state.runFolder === folder && panel.isVisible) !== undefined;
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const state = this.#kept.take(panel.title, parsePanelState(kept)) ?? {
      draft: emptyDraft(),
      baseDirectory: directoryOf(undefined),
    };
    this.#adopt(panel, state);
    return Promise.resolve();
  }

  /** Whoever clicks twice opens one panel: what is being opened is waited for. @param path of the experiment file or run folder */
  async #once(path: string, open: () => Promise<void>): Promise<void> {
    const before = this.#opening.get(path);
    const opening = before ? before.catch(() => undefined).then(open) : open();
    this.#opening.set(path, opening);
    try {
      await opening;
    } finally {
      if (this.#opening.get(path) === opening) this.#opening.delete(path);
    }
  }

  /** Opens a panel again that a reloaded window has not shown since. @returns whether there is one */
  async #reopen(isWanted: (state: PanelState) => boolean): Promise<boolean> {
    const shown = [...this.#panels].map(({ title }) => title);
    const waiting = takeWaitingTab(this.#kept, { type: PANEL_TYPE, isWanted, shown });
    if (!waiting) return false;
    this.#open(waiting.state);
    await vscode.window.tabGroups.close(waiting.tab);
    return true;
  }

  #ofRun(folder: string): DistillPanel | undefined {
    return this.#find((panel) => panel.state.runFolder === folder);
  }

  #find(isWanted: (panel: DistillPanel) => boolean): DistillPanel | undefined {
    return [...this.#panels].find(isWanted);
  }

  #open(state: PanelState): void {
    this.#adopt(vscode.window.createWebviewPanel(PANEL_TYPE, '', vscode.ViewColumn.Active), state);
  }

  #adopt(webviewPanel: vscode.WebviewPanel, state: PanelState): void {
    const unsaved = new UnsavedDraft(state);
    const panel = new DistillPanel(webviewPanel, this.#services, state, () => {
      unsaved.note(panel.state);
      this.#kept.write();
    });
    this.#panels.add(panel);
    const forget = this.#kept.remember(panel);
    panel.onDidDispose(() => {
      this.#panels.delete(panel);
      forget();
      this.#offerAgain(panel, unsaved).catch((error: unknown) => {
        logError(this.#services.log, error);
      });
    });
  }

  /** VS Code asks nobody before it closes such a tab: what would be lost can be opened again. */
  async #offerAgain({ state }: DistillPanel, unsaved: UnsavedDraft): Promise<void> {
    if (!(await unsaved.isLost(state, readDraft))) return;
    const again = vscode.l10n.t('Open Again');
    // Of a closed tab VS Code does not tell the title any more.
    const name = nameOf(state.draft, state.file) ?? '';
    const message = vscode.l10n.t("'{0}' was closed with changes that are in no file.", name);
    if ((await vscode.window.showInformationMessage(message, again)) === again) this.#open(state);
  }
}

/** Folder that an unsaved experiment's paths start from: the workspace folder of the file it is about. */
function directoryOf(uri: vscode.Uri | undefined): string {
  const folder = (uri && vscode.workspace.getWorkspaceFolder(uri)) ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.fsPath ?? (uri ? dirname(uri.fsPath) : homedir());
}
