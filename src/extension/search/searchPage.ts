import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import { searchLog } from '../../launching/launchSearch.ts';
import { readSearchFolder } from '../../launching/readSearches.ts';
import type { SearchAnswer, SearchHostMessage, SearchPageMessage } from '../../protocol/searchPage.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { searchFiles, trialFolder } from '../../runFolder/searchFolder.ts';
import { showError } from '../agents/copyForAgent.ts';
import { panelHtml, panelRoots } from '../panel/panelHtml.ts';
import { SearchThread } from './searchThread.ts';

/** How often a folder is looked at for changes while its tab is shown. */
const LOOK_MS = 1000;
const LOG_LINES = 12;

const messageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['ready', 'stop', 'resume', 'reveal']) }),
  z.strictObject({ kind: z.literal('openTrial'), trial: z.int().min(0) }),
]) satisfies z.ZodType<SearchPageMessage>;

export interface SearchPageServices {
  readonly extensionUri: vscode.Uri;
  readonly isStopping: (folder: string) => boolean;
  readonly stop: (folder: string) => Promise<void>;
  readonly resume: (folder: string) => Promise<void>;
  readonly openRun: (folder: string) => Promise<void>;
  readonly logError: (error: unknown) => void;
}

/** The tab of a search: how it goes, drawn anew whenever something in its folder has changed. */
export class SearchPage {
  readonly folder: string;
  readonly onDidDispose: vscode.Event<void>;
  readonly #panel: vscode.WebviewPanel;
  readonly #services: SearchPageServices;
  readonly #thread: SearchThread;
  readonly #timer: NodeJS.Timeout;
  /** What was drawn last, in few words; undefined to draw again whatever there is. */
  #shown: string | undefined;
  #isReady = false;
  #isClosed = false;
  #isLooking = false;

  constructor(panel: vscode.WebviewPanel, folder: string, services: SearchPageServices) {
    this.folder = folder;
    this.#panel = panel;
    this.#services = services;
    this.onDidDispose = panel.onDidDispose;
    this.#thread = new SearchThread(services.extensionUri.fsPath, { translations: vscode.l10n.bundle ?? {} });
    panel.webview.options = { enableScripts: true, localResourceRoots: [...panelRoots(services.extensionUri)] };
    panel.iconPath = vscode.Uri.joinPath(services.extensionUri, 'media', 'icon.svg');
    const received = panel.webview.onDidReceiveMessage((value: unknown) => {
      const message = messageSchema.safeParse(value).data;
      if (message) this.#attempt(() => this.#handle(message));
    });
    this.#timer = setInterval(() => {
      this.look();
    }, LOOK_MS);
    panel.onDidChangeViewState(() => {
      // A hidden webview is unloaded; it says that it is ready when it is shown again.
      if (!panel.visible) this.#isReady = false;
    });
    panel.onDidDispose(() => {
      this.#isClosed = true;
      clearInterval(this.#timer);
      received.dispose();
      this.#thread.dispose();
    });
    panel.webview.html = panelHtml(panel.webview, services.extensionUri, 'searchPage');
  }

  get title(): string {
    return this.#panel.title;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Looks whether something has changed, and shows it. */
  look(): void {
    if (this.#isClosed || !this.#isReady || !this.#panel.visible || this.#isLooking) return;
    this.#isLooking = true;
    this.#draw()
      .catch(this.#services.logError)
      .finally(() => {
        this.#isLooking = false;
      });
  }

  async #draw(): Promise<void> {
    const { folder } = this;
    const search = await readSearchFolder(folder);
    const isStopping = this.#services.isStopping(folder);
    const state = search?.state ?? 'interrupted';
    const stamp = [searchFiles.result, searchFiles.journal].map((name) => {
      const found = statSync(join(folder, name), { throwIfNoEntry: false });
      return found ? `${found.mtimeMs} ${found.size}` : '';
    });
    const shown = [state, isStopping, vscode.workspace.isTrusted, ...stamp].join();
    if (shown === this.#shown) return;
    const answer = search ? await this.#thread.draw({ folder }) : goneAnswer(folder);
    const log = state === 'interrupted' ? await endOfLog(folder) : '';
    if (!answer || this.#isClosed) return;
    this.#shown = shown;
    this.#post({
      kind: 'search',
      state,
      isStopping,
      mayResume: search !== undefined && (state === 'stopped' || state === 'interrupted') && vscode.workspace.isTrusted,
      name: search?.name ?? this.#panel.title,
      answer,
      log,
    });
  }

  async #handle(message: SearchPageMessage): Promise<void> {
    const { folder } = this;
    switch (message.kind) {
      case 'ready':
        this.#isReady = true;
        this.#shown = undefined;
        this.#post({ kind: 'init', translations: vscode.l10n.bundle ?? {}, folder });
        this.look();
        break;
      case 'stop':
        await this.#services.stop(folder);
        break;
      case 'resume':
        await this.#services.resume(folder);
        break;
      case 'reveal':
        await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(join(folder, searchFiles.page)));
        break;
      case 'openTrial':
        await this.#openTrial(message.trial);
        break;
    }
  }

  async #openTrial(trial: number): Promise<void> {
    const run = join(this.folder, trialFolder(trial));
    if (existsSync(join(run, runFiles.experiment))) await this.#services.openRun(run);
    else void vscode.window.showInformationMessage(vscode.l10n.t('Trial {0} has no run to look at yet.', trial));
  }

  #post(message: SearchHostMessage): void {
    void this.#panel.webview.postMessage(message);
  }

  #attempt(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.#services.logError(error);
      void showError(error);
    });
  }
}

function goneAnswer(folder: string): SearchAnswer {
  return { kind: 'problem', message: vscode.l10n.t('There is no search in {0} any more.', folder) };
}

async function endOfLog(folder: string): Promise<string> {
  const text = await readFile(searchLog(folder), 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-LOG_LINES).join('\n');
}
