import * as vscode from 'vscode';
import type { Problem } from '../../errors.ts';
import { lastDuration, lastRun } from '../../launching/lastDuration.ts';
import type { HostMessage, PanelState } from '../../protocol/panel.ts';
import { showError } from '../agents/copyForAgent.ts';
import { nameOf } from '../experiments/drafts.ts';
import { afterDeletion, afterMove } from '../experiments/movedFiles.ts';
import { panelHtml, panelRoots } from './panelHtml.ts';
import type { PanelServices } from './panelServices.ts';
import type { PanelWork } from './panelWork.ts';
import { shortName } from './shortName.ts';
import { workspaceHindrance } from './workspace.ts';
import { logError } from '../logError.ts';

/**
 * One editor tab of ours: an experiment being edited and the run that came of it. It owns the webview's state. What its page asks for is
 * done by `PanelWork`, which is loaded while the page is.
 */
export class DistillPanel {
  readonly onDidDispose: vscode.Event<void>;
  readonly #panel: vscode.WebviewPanel;
  readonly #services: PanelServices;
  readonly #onKeep: () => void;
  readonly #disposables: vscode.Disposable[] = [];
  readonly #work: Promise<PanelWork>;
  #state: PanelState;
  /** Whether the tab is closed: what goes on to be done for it a little longer is shown to nobody. */
  #isClosed = false;

  /** @param onKeep told whenever the state is another one */
  constructor(panel: vscode.WebviewPanel, services: PanelServices, state: PanelState, onKeep: () => void) {
    this.#panel = panel;
    this.#services = services;
    this.#state = state;
    this.#onKeep = onKeep;
    this.onDidDispose = panel.onDidDispose;
    panel.webview.options = { enableScripts: true, localResourceRoots: panelRoots(services.extensionUri) };
    panel.iconPath = vscode.Uri.joinPath(services.extensionUri, 'media', 'icon.svg');
    // First of all: the page is loaded by another process while this one goes on.
    panel.webview.html = panelHtml(panel.webview, services.extensionUri);
    this.#showTitle();
    this.#work = this.#load();
    this.#disposables.push(
      panel.webview.onDidReceiveMessage((value) => {
        this.#attempt((work) => work.receive(value));
      }),
      panel.onDidChangeViewState(() => {
        // A hidden webview is unloaded; it says that it is ready when it is shown again.
        if (!panel.visible)
          this.#attempt((work) => {
            work.follow(undefined);
          });
      }),
      panel.onDidDispose(() => {
        this.#isClosed = true;
        this.#attempt((work) => {
          work.dispose();
        });
        for (const disposable of this.#disposables) disposable.dispose();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.#tellHindrance();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#tellHindrance();
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        const moves = files.map(({ oldUri, newUri }) => ({ from: oldUri.fsPath, to: newUri.fsPath }));
        this.#attempt((work) => work.goAlong((now) => afterMove(now, moves)));
      }),
      vscode.workspace.onDidDeleteFiles(({ files }) => {
        const deleted = files.map(({ fsPath }) => fsPath);
        this.#attempt((work) => work.goAlong((now) => afterDeletion(now, deleted)));
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (document.uri.fsPath === this.#state.file) this.#attempt((work) => work.reloadFile());
      }),
    );
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
    this.#attempt((work) => {
      work.follow(this.#state.runFolder);
    });
  }

  /** Starts a run of the file as it is on the disk. */
  async startFile(): Promise<void> {
    await (await this.#work).startFile();
  }

  /** The run that was started here was refused. What was shown before is shown again. */
  refuse(problems: readonly Problem[]): void {
    this.#attempt((work) => {
      work.refuse(problems);
    });
  }

  async #load(): Promise<PanelWork> {
    const { PanelWork } = await import('./panelWork.ts');
    return new PanelWork(this.#services, {
      state: () => this.#state,
      keep: (state) => {
        this.#keep(state);
      },
      post: (message) => {
        this.#post(message);
      },
    });
  }

  #keep(state: PanelState): void {
    this.#state = state;
    if (this.#isClosed) return;
    this.#showTitle();
    this.#onKeep();
    const name = nameOf(state.draft, state.file);
    const { all } = this.#services.runs;
    const hasLastRun = lastRun(all, name) !== undefined;
    this.#post({ kind: 'keep', state, name, lastSeconds: lastDuration(all, name), hasLastRun });
  }

  #showTitle(): void {
    const { draft, file, runFolder } = this.#state;
    const name = nameOf(draft, file);
    const title = name === undefined ? vscode.l10n.t('Distill a Model') : vscode.l10n.t('Distill: {0}', name);
    // A run beside its experiment, and beside others of the same, is told apart.
    const run = file === undefined ? this.#services.runs.all.find(({ folder }) => folder === runFolder) : undefined;
    this.#panel.title = run === undefined ? title : `${title} · ${shortName(run, vscode.env.language)}`;
  }

  #tellHindrance(): void {
    this.#post({ kind: 'workspace', hindrance: workspaceHindrance() });
  }

  #post(message: HostMessage): void {
    // To a hidden webview nothing is delivered, and nothing needs to be; of a closed one VS Code knows nothing any more.
    if (!this.#isClosed) void this.#panel.webview.postMessage(message);
  }

  /** Has something done, and tells the person when it fails. */
  #attempt(act: (work: PanelWork) => Promise<void> | void): void {
    this.#work.then(act).catch((error: unknown) => {
      logError(this.#services.log, error);
      void showError(error);
    });
  }
}
