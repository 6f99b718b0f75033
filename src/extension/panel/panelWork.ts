import * as vscode from 'vscode';
import { problemsOfError, type Problem } from '../../errors.ts';
import type { PanelMessage, PanelState } from '../../protocol/panel.ts';
import { copyProblems, copyRun } from '../agents/copyForAgent.ts';
import { builtinDigitsFile } from '../experiments/builtinDigitsFile.ts';
import { nameOf, rebasePaths } from '../experiments/drafts.ts';
import { findData } from '../experiments/findData.ts';
import { findModels, readDraft } from '../experiments/experimentFiles.ts';
import { describeForm } from '../form/describeForm.ts';
import { lastRun } from '../../launching/lastDuration.ts';
import { logError } from '../logError.ts';
import { runBase } from '../runs/runBase.ts';
import { FactsWatch } from './factsWatch.ts';
import { FollowedRun } from './followedRun.ts';
import { openingMessage } from './openingMessage.ts';
import { openOfRun } from './openOfRun.ts';
import { PanelDraft, type WorkedFor } from './panelDraft.ts';
import type { PanelServices } from './panelServices.ts';
import { parsePanelMessage } from './parsePanelMessage.ts';
import { saveChart } from './saveChart.ts';
import { TrainerQuestions } from './trainerQuestions.ts';
import { openFolder, workspaceFolderOf, workspaceProblems } from './workspace.ts';

/** Does what a panel's page asks for: has the experiment checked and saved (`PanelDraft`), starts runs, shows how they go on. */
export class PanelWork {
  readonly #services: PanelServices;
  readonly #panel: WorkedFor;
  readonly #questions: TrainerQuestions;
  readonly #facts: FactsWatch;
  readonly #draft: PanelDraft;
  readonly #run: FollowedRun;
  readonly #sections = describeForm(vscode.l10n.t);
  /** Looked for while the page is loaded; whoever loads it again finds new ones. */
  #models: ReturnType<typeof findModels> | undefined = findModels();
  /** Run folder that was shown before the last start. */
  #runBefore: string | undefined;

  constructor(services: PanelServices, panel: WorkedFor) {
    this.#services = services;
    this.#panel = panel;
    this.#questions = new TrainerQuestions(services.trainerProgram, panel.post);
    this.#facts = new FactsWatch(services.trainerProgram, services.log, panel.post);
    this.#draft = new PanelDraft(panel, this.#facts);
    this.#run = new FollowedRun({
      runs: services.runs,
      post: panel.post,
      onError: (error) => {
        logError(services.log, error);
      },
    });
  }

  get #state(): PanelState {
    return this.#panel.state();
  }

  /** Where charts are saved, unless the person chooses another folder. */
  get #chartFolder(): string {
    return this.#state.runFolder ?? this.#state.baseDirectory;
  }

  dispose(): void {
    this.#run.dispose();
    this.#facts.dispose();
  }

  /** Takes over the file as it is on the disk. */
  reloadFile(): Promise<void> {
    return this.#draft.reloadFile();
  }

  /** Files were moved or deleted in the editor. @param now the experiment after that */
  goAlong(now: (state: PanelState) => PanelState): Promise<void> {
    return this.#draft.goAlong(now);
  }

  /** Shows how a run goes on, or none. */
  follow(folder: string | undefined): void {
    this.#run.follow(folder);
  }

  /** Starts a run of the file as it is on the disk. */
  async startFile(): Promise<void> {
    await this.#draft.reloadFile();
    await this.#start();
  }

  /** The run that was started here was refused. What was shown before is shown again. */
  refuse(problems: readonly Problem[]): void {
    const { draft, baseDirectory, file } = this.#state;
    const runFolder = this.#runBefore;
    this.#panel.keep({
      draft,
      baseDirectory,
      ...(file !== undefined && { file }),
      ...(runFolder !== undefined && { runFolder }),
    });
    this.#panel.post({ kind: 'refused', problems });
    this.#run.follow(runFolder);
  }

  /** Does what a message of the page asks for. */
  async receive(value: unknown): Promise<void> {
    const message = parsePanelMessage(value);
    if (message) await this.#handle(message);
    else this.#services.log.error('The panel sent something that is no message of ours.', value);
  }

  async #handle(message: PanelMessage): Promise<void> {
    const { runFolder } = this.#state;
    if ('draft' in message) this.#panel.keep({ ...this.#state, draft: message.draft });
    switch (message.kind) {
      case 'ready':
        await this.#initialize();
        break;
      case 'edit':
        await this.#draft.tellProblems();
        break;
      case 'start':
        await this.#start();
        break;
      case 'stop':
        if (runFolder !== undefined) await this.#services.runs.stop(runFolder);
        break;
      case 'pause':
        this.#run.setPaused(message.isPaused);
        break;
      case 'listFeatures':
        await this.#questions.listFeatures(this.#state);
        break;
      case 'forecastOutputs':
        await this.#questions.forecastOutputs(this.#state);
        break;
      case 'save':
        await this.#draft.save();
        break;
      case 'openAsFile':
        await this.#draft.openAsFile();
        break;
      case 'resume':
        await this.#resume();
        break;
      case 'pick':
        await this.#draft.pick(message.picker, message.path);
        break;
      case 'useBuiltinDigits':
        await this.#draft.change(await readDraft(builtinDigitsFile(this.#services.extensionUri)));
        break;
      case 'revealStudent':
      case 'openBaseline':
      case 'openReport':
      case 'openLog':
        if (runFolder !== undefined) await openOfRun(message.kind, runFolder, this.#services.reports);
        break;
      case 'openLastRun':
        await this.#openLastRun();
        break;
      case 'applyAdvice':
        if (runFolder !== undefined)
          await this.#draft.applyAdvice(runFolder, await runBase(this.#services.runs, runFolder), message.change);
        break;
      case 'explain':
        if (runFolder !== undefined) await this.#questions.explain(runFolder, message);
        break;
      case 'lookCloser':
        this.#run.lookCloser(message.ranges);
        break;
      case 'saveCurves':
        await saveChart({ ...message, format: 'csv' }, this.#chartFolder, this.#run.csv(message.lines));
        break;
      case 'saveChart':
        await saveChart(message, this.#chartFolder, [Buffer.from(message.base64, 'base64')]);
        break;
      case 'copyForAgent':
        await this.#copyForAgent(message.problems);
        break;
      case 'manageTrust':
        await vscode.commands.executeCommand('workbench.trust.manage');
        break;
      case 'openFolder':
        await openFolder();
        break;
    }
  }

  async #openLastRun(): Promise<void> {
    const { draft, file } = this.#state;
    const run = lastRun(this.#services.runs.all, nameOf(draft, file));
    if (run) await vscode.commands.executeCommand('distillery.openRun', { kind: 'run', run });
  }

  /** Sends everything, to a webview that was just loaded or that shows something else from now on. */
  async #initialize(): Promise<void> {
    const state = this.#state;
    const looked = this.#models ?? findModels();
    this.#models = undefined;
    const folder = workspaceFolderOf(state.baseDirectory);
    const data = folder === undefined ? [] : findData(folder);
    const [problems, models, datasets] = await Promise.all([this.#draft.problems(), looked, data]);
    this.#panel.post(openingMessage(state, { sections: this.#sections, problems, models, datasets }));
    this.#panel.keep(this.#state);
    this.#facts.restart(this.#state, problems);
    this.#run.follow(state.runFolder);
  }

  async #start(): Promise<void> {
    const { draft, baseDirectory, file } = this.#state;
    const workspaceFolder = workspaceFolderOf(baseDirectory);
    const problems = [...(await this.#draft.problems()), ...workspaceProblems()];
    if (problems.length > 0 || workspaceFolder === undefined) {
      this.#panel.post({ kind: 'refused', problems });
      return;
    }
    this.#run.follow(undefined);
    this.#runBefore = this.#state.runFolder;
    this.#panel.post({ kind: 'starting' });
    const name = nameOf(draft, file) ?? 'experiment';
    try {
      const runFolder = await this.#services.runs.start({
        experiment: { ...rebasePaths(draft, baseDirectory, workspaceFolder), name },
        name,
        baseDirectory: workspaceFolder,
        workspaceFolder,
      });
      this.#panel.keep({ ...this.#state, runFolder });
      this.#run.follow(runFolder);
    } catch (error) {
      logError(this.#services.log, error);
      this.refuse(problemsOfError(error, ''));
    }
  }

  async #resume(): Promise<void> {
    const { runFolder } = this.#state;
    if (runFolder === undefined) return;
    await this.#services.runs.resume(runFolder);
    this.#run.follow(runFolder);
  }

  /** The run that is shown; problems, where these are what an agent is to help with. */
  async #copyForAgent(problems: readonly Problem[]): Promise<void> {
    const { draft, runFolder } = this.#state;
    if (problems.length > 0 || runFolder === undefined) await copyProblems(problems, draft);
    else await copyRun(runFolder);
  }
}
