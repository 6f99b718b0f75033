import { join } from 'node:path';
import * as vscode from 'vscode';
import { DistilleryError, messageOf, type Problem } from '../../errors.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import type { ExperimentDraft, HostMessage, PanelMessage, PanelState, PickerKind } from '../../protocol/panel.ts';
import type { RunSnapshot } from '../../protocol/snapshot.ts';
import { copyProblems, copyRun, showError } from '../agents/copyForAgent.ts';
import { adviseDraft } from '../experiments/adviseDraft.ts';
import { withText } from '../experiments/draftPaths.ts';
import { nameOf, rebasePaths, toExperimentPath } from '../experiments/drafts.ts';
import { findModels, readDraft } from '../experiments/experimentFiles.ts';
import { findProblems } from '../experiments/findProblems.ts';
import { saveExperiment } from '../experiments/saveExperiment.ts';
import { describeForm } from '../form/describeForm.ts';
import { runBase } from '../runs/runBase.ts';
import { RunFollower } from '../runs/runFollower.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import { FactsWatch } from './factsWatch.ts';
import { lastDuration } from '../../launching/lastDuration.ts';
import { openOfRun } from './openOfRun.ts';
import { panelHtml, panelRoots } from './panelHtml.ts';
import { parsePanelMessage } from './parsePanelMessage.ts';
import { pickPath } from './pickPath.ts';
import { saveChart } from './saveChart.ts';
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
  readonly #onKeep: () => void;
  readonly #questions: TrainerQuestions;
  readonly #facts: FactsWatch;
  readonly #disposables: vscode.Disposable[] = [];
  #state: PanelState;
  #follower: RunFollower | undefined;
  #shown: RunSnapshot | undefined;
  #isPauseAsked = false;
  /** Run folder that was shown before the last start. */
  #runBefore: string | undefined;

  /** @param onKeep told whenever the state is another one */
  constructor(panel: vscode.WebviewPanel, services: PanelServices, state: PanelState, onKeep: () => void) {
    this.#panel = panel;
    this.#services = services;
    this.#state = state;
    this.#onKeep = onKeep;
    this.#questions = new TrainerQuestions(services.trainerProgram, (message) => {
      this.#post(message);
    });
    this.#facts = new FactsWatch(services.trainerProgram, services.log, (message) => {
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
        this.#facts.dispose();
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

  get title(): string {
    return this.#panel.title;
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

  /** Starts a run of the file as it is on the disk. */
  async startFile(): Promise<void> {
    await this.#reloadFile();
    await this.#start();
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
        await this.#tellProblems();
        break;
      case 'start':
        this.#keep({ ...this.#state, draft: message.draft });
        await this.#start();
        break;
      case 'stop':
        if (this.#state.runFolder !== undefined) await this.#services.runs.stop(this.#state.runFolder);
        break;
      case 'pause':
        this.#setPaused(message.isPaused);
        break;
      case 'listFeatures':
        this.#keep({ ...this.#state, draft: message.draft });
        await this.#questions.listFeatures(this.#state);
        break;
      case 'forecastOutputs':
        this.#keep({ ...this.#state, draft: message.draft });
        await this.#questions.forecastOutputs(this.#state);
        break;
      case 'save':
        await this.#save();
        break;
      case 'openAsFile':
        await this.#openAsFile();
        break;
      case 'resume':
        await this.#resume();
        break;
      case 'pick':
        await this.#pick(message.picker, message.path);
        break;
      case 'useBuiltinDigits':
        await this.#changeDraft(await readDraft(builtinDigitsFile(this.#services.extensionUri)));
        break;
      case 'revealStudent':
      case 'openBaseline':
      case 'openReport':
      case 'openLog':
        if (this.#state.runFolder !== undefined) await openOfRun(message.kind, this.#state.runFolder);
        break;
      case 'applyAdvice':
        await this.#applyAdvice(message.change);
        break;
      case 'explain':
        if (this.#state.runFolder !== undefined) await this.#questions.explain(this.#state.runFolder, message);
        break;
      case 'saveChart':
        await saveChart(message, this.#state.runFolder ?? this.#state.baseDirectory);
        break;
      case 'copyForAgent':
        await this.#copyForAgent(message.problems);
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
    this.#facts.restart(this.#state, problems);
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

  async #openAsFile(): Promise<void> {
    await this.#save();
    if (this.#state.file === undefined) return;
    await vscode.window.showTextDocument(vscode.Uri.file(this.#state.file), { viewColumn: vscode.ViewColumn.Beside });
  }

  async #resume(): Promise<void> {
    const { runFolder } = this.#state;
    if (runFolder === undefined) return;
    await this.#services.runs.resume(runFolder);
    this.#follow(runFolder);
  }

  #setPaused(isPaused: boolean): void {
    const { runFolder } = this.#state;
    if (runFolder === undefined) return;
    this.#services.runs.setPaused(runFolder, isPaused);
    this.#isPauseAsked = isPaused;
    if (this.#shown?.state === 'running') this.#showRun({ ...this.#shown, pause: undefined });
  }

  /** A pause that was asked for is told until it takes effect. */
  #showRun(run: RunSnapshot): void {
    this.#shown = run;
    const isWaitedFor = this.#isPauseAsked && run.state === 'running' && run.pause === undefined;
    this.#post({ kind: 'run', run: isWaitedFor ? { ...run, pause: 'asked' } : run });
  }

  async #pick(picker: PickerKind, path: string): Promise<void> {
    const { draft, baseDirectory } = this.#state;
    const chosen = await pickPath(picker, baseDirectory);
    if (chosen === undefined) return;
    await this.#changeDraft(withText(draft, path, toExperimentPath(baseDirectory, chosen)));
  }

  async #changeDraft(draft: ExperimentDraft): Promise<void> {
    this.#keep({ ...this.#state, draft });
    const problems = await this.#problems();
    this.#post({ kind: 'draft', draft, problems });
    this.#facts.look(this.#state, problems);
  }

  async #applyAdvice(change: ExperimentDraft): Promise<void> {
    const { runFolder } = this.#state;
    if (runFolder === undefined) return;
    const ran = await readDraft(join(runFolder, runFiles.experiment));
    const { draft, changed } = adviseDraft(
      this.#state,
      { ran, baseDirectory: await runBase(this.#services.runs, runFolder) },
      change,
    );
    this.#keep({ ...this.#state, draft });
    const problems = await this.#problems();
    const places = changed.map(({ path, before }) => ({ path: path.join('.'), before }));
    this.#post({ kind: 'advised', draft, problems, changed: places });
    this.#facts.look(this.#state, problems);
  }

  async #tellProblems(): Promise<void> {
    const problems = await this.#problems();
    this.#post({ kind: 'problems', problems });
    this.#facts.look(this.#state, problems);
  }

  async #reloadFile(): Promise<void> {
    if (this.#state.file === undefined) return;
    await this.#changeDraft(await readDraft(this.#state.file));
  }

  #problems(): Promise<readonly Problem[]> {
    return findProblems(this.#state.draft, this.#state.baseDirectory, vscode.l10n.t);
  }

  /** The run that is shown; problems, where these are what an agent is to help with. */
  async #copyForAgent(problems: readonly Problem[]): Promise<void> {
    const { draft, runFolder } = this.#state;
    if (problems.length > 0 || runFolder === undefined) await copyProblems(problems, draft);
    else await copyRun(runFolder);
  }

  #follow(folder: string | undefined): void {
    this.#follower?.dispose();
    this.#follower = undefined;
    this.#shown = undefined;
    this.#isPauseAsked = false;
    if (folder === undefined) return;
    this.#follower = new RunFollower({
      folder,
      intervalMs: SNAPSHOT_INTERVAL_MS,
      isStopping: () => this.#services.runs.isStopping(folder),
      isSilent: () => this.#services.runs.isSilent(folder),
      onSnapshot: (run: RunSnapshot) => {
        this.#showRun(run);
      },
      onError: (error) => {
        this.#services.log.error(error instanceof Error ? error : messageOf(error));
      },
    });
  }

  #keep(state: PanelState): void {
    this.#state = state;
    this.#showTitle();
    this.#onKeep();
    const name = nameOf(state.draft, state.file);
    this.#post({ kind: 'keep', state, name, lastSeconds: lastDuration(this.#services.runs.all, name) });
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
      void showError(error);
    });
  }
}

/** The experiment that needs no files; the terminal runs the same. */
export function builtinDigitsFile(extensionUri: vscode.Uri): string {
  return vscode.Uri.joinPath(extensionUri, 'examples', 'builtin-digits.distill.json').fsPath;
}
