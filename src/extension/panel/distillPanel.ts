import { join } from 'node:path';
import * as vscode from 'vscode';
import { DistilleryError, messageOf, type Problem } from '../../errors.ts';
import { runFiles } from '../../experiment/runFolder.ts';
import type { ExperimentDraft, HostMessage, PanelMessage, PanelState, PickerKind } from '../../protocol/panel.ts';
import type { RunSnapshot } from '../../protocol/snapshot.ts';
import { withText } from '../experiments/draftPaths.ts';
import { nameOf, rebasePaths, toExperimentPath } from '../experiments/drafts.ts';
import { findModels, readDraft } from '../experiments/experimentFiles.ts';
import { findProblems } from '../experiments/findProblems.ts';
import { saveExperiment } from '../experiments/saveExperiment.ts';
import { describeForm } from '../form/describeForm.ts';
import { openReport } from '../runs/openReport.ts';
import { TRAINER_LOG } from '../runs/readRuns.ts';
import { RunFollower } from '../runs/runFollower.ts';
import type { Runs } from '../runs/runs.ts';
import { panelHtml, panelRoots } from './panelHtml.ts';
import { parsePanelMessage } from './parsePanelMessage.ts';
import { pickPath } from './pickPath.ts';
import { TrainerQuestions } from './trainerQuestions.ts';
import { workspaceFolderOf, workspaceProblems } from './workspace.ts';

/** Snapshots per second are this many at most. */
const SNAPSHOT_INTERVAL_MS = 200;

export interface PanelServices {
  readonly extensionUri: vscode.Uri;
  readonly runs: Runs;
  /** Path of the bundled child process. */
  readonly trainerProgram: string;
  readonly log: vscode.LogOutputChannel;
}

/** One editor tab of ours: an experiment being edited and the run that came of it. It owns the webview's state. */
export class DistillPanel {
  readonly onDidDispose: vscode.Event<void>;
  readonly #panel: vscode.WebviewPanel;
  readonly #services: PanelServices;
  readonly #questions: TrainerQuestions;
  readonly #disposables: vscode.Disposable[] = [];
  #state: PanelState;
  #follower: RunFollower | undefined;
  /** Run folder that was shown before the last start. */
  #runBefore: string | undefined;

  constructor(panel: vscode.WebviewPanel, services: PanelServices, state: PanelState) {
    this.#panel = panel;
    this.#services = services;
    this.#state = state;
    this.#questions = new TrainerQuestions(services.trainerProgram, (message) => {
      this.#post(message);
    });
    this.onDidDispose = panel.onDidDispose;
    panel.webview.options = { enableScripts: true, localResourceRoots: panelRoots(services.extensionUri) };
    panel.iconPath = vscode.Uri.joinPath(services.extensionUri, 'media', 'icon.svg');
    this.#showTitle();
    this.#disposables.push(
      panel.webview.onDidReceiveMessage((value) => {
        this.#receive(value);
      }),
      panel.onDidChangeViewState(() => {
        // A hidden webview is unloaded; it says that it is ready when it is shown again.
        if (!panel.visible) this.#follow(undefined);
      }),
      panel.onDidDispose(() => {
        this.#follow(undefined);
        for (const disposable of this.#disposables) disposable.dispose();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.#post({ kind: 'trust', trusted: true });
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (document.uri.fsPath === this.#state.file) this.#attempt(() => this.#reloadFile());
      }),
    );
    panel.webview.html = panelHtml(panel.webview, services.extensionUri);
  }

  get state(): PanelState {
    return this.#state;
  }

  get isVisible(): boolean {
    return this.#panel.visible;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Looks at the run again, which may go on after it had ended. */
  followRun(): void {
    this.#follow(this.#state.runFolder);
  }

  /** The run that was started here was refused. What was shown before is shown again. */
  refuse(problems: readonly Problem[]): void {
    const { draft, baseDirectory, file } = this.#state;
    const runFolder = this.#runBefore;
    this.#keep({
      draft,
      baseDirectory,
      ...(file !== undefined && { file }),
      ...(runFolder !== undefined && { runFolder }),
    });
    this.#post({ kind: 'refused', problems });
    this.#follow(runFolder);
  }

  #receive(value: unknown): void {
    const message = parsePanelMessage(value);
    if (message) this.#attempt(() => this.#handle(message));
    else this.#services.log.error('The panel sent something that is no message of ours.', value);
  }

  async #handle(message: PanelMessage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        await this.#initialize();
        break;
      case 'edit':
        this.#keep({ ...this.#state, draft: message.draft });
        this.#post({ kind: 'problems', problems: await this.#problems() });
        break;
      case 'start':
        this.#keep({ ...this.#state, draft: message.draft });
        await this.#start();
        break;
      case 'stop':
        if (this.#state.runFolder !== undefined) await this.#services.runs.stop(this.#state.runFolder);
        break;
      case 'listFeatures':
        this.#keep({ ...this.#state, draft: message.draft });
        await this.#questions.listFeatures(this.#state);
        break;
      case 'foreseeOutputs':
        this.#keep({ ...this.#state, draft: message.draft });
        await this.#questions.foreseeOutputs(this.#state);
        break;
      case 'save':
        await this.#save();
        break;
      case 'pick':
        await this.#pick(message.picker, message.path);
        break;
      case 'useBuiltinDigits':
        await this.#changeDraft(await readDraft(builtinDigitsFile(this.#services.extensionUri)));
        break;
      case 'revealStudent':
        await vscode.commands.executeCommand('revealInExplorer', this.#runFile(runFiles.student));
        break;
      case 'explain':
        if (this.#state.runFolder !== undefined) await this.#questions.explain(this.#state.runFolder, message);
        break;
      case 'openReport':
        if (this.#state.runFolder !== undefined) await openReport(this.#state.runFolder);
        break;
      case 'openLog':
        await vscode.window.showTextDocument(this.#runFile(TRAINER_LOG), { viewColumn: vscode.ViewColumn.Beside });
        break;
      case 'manageTrust':
        await vscode.commands.executeCommand('workbench.trust.manage');
        break;
    }
  }

  /** Sends everything, to a webview that was just loaded or that shows something else from now on. */
  async #initialize(): Promise<void> {
    const { draft, baseDirectory, file, runFolder } = this.#state;
    const [problems, models] = await Promise.all([this.#problems(), findModels()]);
    this.#post({
      kind: 'init',
      translations: vscode.l10n.bundle ?? {},
      sections: describeForm(vscode.l10n.t),
      draft,
      problems,
      models: models.map((model) => toExperimentPath(baseDirectory, model)),
      trusted: vscode.workspace.isTrusted,
      isSaved: file !== undefined || runFolder !== undefined,
      hasRun: runFolder !== undefined,
    });
    this.#keep(this.#state);
    this.#follow(runFolder);
  }

  async #start(): Promise<void> {
    const { draft, baseDirectory, file } = this.#state;
    const workspaceFolder = workspaceFolderOf(baseDirectory);
    const problems = [...(await this.#problems()), ...workspaceProblems()];
    if (problems.length > 0 || workspaceFolder === undefined) {
      this.#post({ kind: 'refused', problems });
      return;
    }
    this.#follow(undefined);
    this.#runBefore = this.#state.runFolder;
    this.#post({ kind: 'starting' });
    const name = nameOf(draft, file) ?? 'experiment';
    try {
      const runFolder = await this.#services.runs.start({
        experiment: { ...rebasePaths(draft, baseDirectory, workspaceFolder), name },
        name,
        baseDirectory: workspaceFolder,
        workspaceFolder,
      });
      this.#keep({ ...this.#state, runFolder });
      this.#follow(runFolder);
    } catch (error) {
      this.#services.log.error(error instanceof Error ? error : messageOf(error));
      const hint = error instanceof DistilleryError ? error.hint : undefined;
      this.refuse([{ where: 'training', message: messageOf(error), ...(hint === undefined ? {} : { hint }) }]);
    }
  }

  async #save(): Promise<void> {
    const saved = await saveExperiment(this.#state);
    if (!saved) return;
    this.#keep({ ...this.#state, ...saved });
    this.#post({ kind: 'draft', draft: saved.draft, problems: await this.#problems() });
  }

  async #pick(picker: PickerKind, path: string): Promise<void> {
    const { draft, baseDirectory } = this.#state;
    const chosen = await pickPath(picker, baseDirectory);
    if (chosen === undefined) return;
    await this.#changeDraft(withText(draft, path, toExperimentPath(baseDirectory, chosen)));
  }

  async #changeDraft(draft: ExperimentDraft): Promise<void> {
    this.#keep({ ...this.#state, draft });
    this.#post({ kind: 'draft', draft, problems: await this.#problems() });
  }

  async #reloadFile(): Promise<void> {
    if (this.#state.file === undefined) return;
    await this.#changeDraft(await readDraft(this.#state.file));
  }

  #problems(): Promise<readonly Problem[]> {
    return findProblems(this.#state.draft, this.#state.baseDirectory, vscode.l10n.t);
  }

  #follow(folder: string | undefined): void {
    this.#follower?.dispose();
    this.#follower = undefined;
    if (folder === undefined) return;
    this.#follower = new RunFollower({
      folder,
      intervalMs: SNAPSHOT_INTERVAL_MS,
      isStopping: () => this.#services.runs.isStopping(folder),
      onSnapshot: (run: RunSnapshot) => {
        this.#post({ kind: 'run', run });
      },
      onError: (error) => {
        this.#services.log.error(error instanceof Error ? error : messageOf(error));
      },
    });
  }

  #keep(state: PanelState): void {
    this.#state = state;
    this.#showTitle();
    this.#post({ kind: 'keep', state });
  }

  #runFile(name: string): vscode.Uri {
    return vscode.Uri.file(join(this.#state.runFolder ?? '', name));
  }

  #showTitle(): void {
    const { draft, file } = this.#state;
    const name = nameOf(draft, file);
    this.#panel.title = name === undefined ? vscode.l10n.t('Distill a Model') : vscode.l10n.t('Distill: {0}', name);
  }

  #post(message: HostMessage): void {
    // To a hidden or closed webview nothing is delivered, and nothing needs to be.
    void this.#panel.webview.postMessage(message);
  }

  /** Runs what a message asks for, and tells the person when it fails. */
  #attempt(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.#services.log.error(error instanceof Error ? error : messageOf(error));
      void vscode.window.showErrorMessage(messageOf(error));
    });
  }
}

/** The experiment that needs no files; the terminal runs the same. */
export function builtinDigitsFile(extensionUri: vscode.Uri): string {
  return vscode.Uri.joinPath(extensionUri, 'examples', 'builtin-digits.distill.json').fsPath;
}
