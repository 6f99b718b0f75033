import * as vscode from 'vscode';
import { messageOf } from '../../errors.ts';
import { keptFolders, type Folders } from '../views/folderTabs.ts';
import type { KeptTabs } from '../views/keptTabs.ts';
import { html, Markup } from '../../report/drawings/html.ts';
import { editorStyle } from './editorStyle.ts';

/** As package.json's activation event names it. */
export const COMPARISON_TYPE = 'distillery.runComparison';

/** Tabs of runs beside each other; a window that is reloaded finds them again. */
export class Comparisons implements vscode.WebviewPanelSerializer {
  readonly #extensionUri: vscode.Uri;
  readonly #kept: KeptTabs<Folders>;

  constructor(extensionUri: vscode.Uri, kept: KeptTabs<Folders>) {
    this.#extensionUri = extensionUri;
    this.#kept = kept;
  }

  /**
   * Shows runs beside each other in a tab.
   * @param folders of 2 to 20 runs that have a report
   * @throws DistilleryError when they cannot be compared
   */
  async open(folders: readonly string[]): Promise<void> {
    // Reading the curves of many runs takes a while.
    const page = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Comparing {0} runs…', folders.length),
      },
      () => this.#pageOf(folders),
    );
    const title = vscode.l10n.t('Comparison of {0} runs', folders.length);
    const options = { enableFindWidget: true };
    const tab = vscode.window.createWebviewPanel(COMPARISON_TYPE, title, vscode.ViewColumn.Active, options);
    this.#show(tab, page, folders);
  }

  async deserializeWebviewPanel(tab: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const folders = this.#kept.take(tab.title, keptFolders(kept));
    if (!folders) {
      tab.dispose();
      return;
    }
    const closed = new AbortController();
    tab.onDidDispose(() => {
      closed.abort();
    });
    const page = await this.#pageOf(folders).catch((error: unknown) =>
      // A run may have been deleted or moved since.
      problemPage(vscode.l10n.t('These runs cannot be compared any more.'), messageOf(error)),
    );
    if (!closed.signal.aborted) this.#show(tab, page, folders);
  }

  async #pageOf(folders: readonly string[]): Promise<string> {
    const { comparisonPage } = await import('./comparisonPage.ts');
    return comparisonPage(this.#extensionUri, folders);
  }

  #show(tab: vscode.WebviewPanel, page: string, folders: readonly string[]): void {
    tab.webview.options = { enableScripts: true, localResourceRoots: [] };
    tab.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icon.svg');
    tab.webview.html = page;
    tab.onDidDispose(this.#kept.remember({ title: tab.title, state: [...folders] }));
  }
}

/** A page that says why there is none. */
function problemPage(title: string, message: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const { text } = html`<!doctype html>
    <html lang="${vscode.env.language}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <style>
          ${new Markup(editorStyle)}
        </style>
      </head>
      <body>
        <main role="alert">
          <h1>${title}</h1>
          <p>${message}</p>
        </main>
      </body>
    </html>`;
  return text;
}
