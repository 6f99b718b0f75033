import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { messageOf } from '../../errors.ts';
import { html } from '../../report/drawings/html.ts';
import { editorStyle } from '../explorer/editorStyle.ts';
import { keepingFolders } from '../explorer/keepingFolders.ts';
import { hasSameFolders, keptFolders, type Folders } from './folderTabs.ts';
import type { KeptTabs } from './keptTabs.ts';
import { takeWaitingTab } from './waitingTab.ts';

/** One kind of tabs that show a page about run folders. */
interface PageKind {
  /** As package.json's activation event names it. */
  readonly type: string;
  /** Makes the page, which needs nothing else. @throws DistilleryError where there can be none */
  readonly pageOf: (folders: Folders) => Promise<string>;
  /** What is said of folders that a page was made of and that none can be made of any more. */
  readonly lostTitle: () => string;
}

interface Opened {
  readonly tab: vscode.WebviewPanel;
  readonly folders: Folders;
}

/** Tabs that show pages about run folders: one for the same folders. A window that is reloaded finds them again. */
export class PageTabs implements vscode.WebviewPanelSerializer {
  readonly #extensionUri: vscode.Uri;
  readonly #kept: KeptTabs<Folders>;
  readonly #kind: PageKind;
  readonly #open = new Set<Opened>();

  constructor(extensionUri: vscode.Uri, kept: KeptTabs<Folders>, kind: PageKind) {
    this.#extensionUri = extensionUri;
    this.#kept = kept;
    this.#kind = kind;
  }

  /**
   * Shows the page about folders as it is now, in the tab that there is of them or in another.
   * @throws DistilleryError where there can be none
   */
  async open(folders: Folders, title: string, column: vscode.ViewColumn): Promise<void> {
    const open = (): Opened | undefined => [...this.#open].find((one) => hasSameFolders(one.folders, folders));
    open()?.tab.reveal();
    const page = await this.#kind.pageOf(folders);
    // Whoever asks twice has one opened meanwhile.
    const shown = open();
    if (shown) {
      shown.tab.reveal();
      this.#show(shown, page);
      return;
    }
    const waiting = takeWaitingTab(this.#kept, {
      type: this.#kind.type,
      isWanted: (state) => hasSameFolders(state, folders),
      shown: [...this.#open].map(({ tab }) => tab.title),
    });
    this.#adopt(vscode.window.createWebviewPanel(this.#kind.type, title, column, { enableFindWidget: true }), {
      folders,
      page,
    });
    if (waiting) await vscode.window.tabGroups.close(waiting.tab);
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
    const page = await this.#kind.pageOf(folders).catch((error: unknown) =>
      // A run may have been deleted or moved since.
      lostPage(this.#kind.lostTitle(), messageOf(error)),
    );
    if (!closed.signal.aborted) this.#adopt(tab, { folders, page });
  }

  #adopt(tab: vscode.WebviewPanel, { folders, page }: { readonly folders: Folders; readonly page: string }): void {
    tab.webview.options = { enableScripts: true, localResourceRoots: [] };
    tab.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icon.svg');
    const opened = { tab, folders };
    this.#open.add(opened);
    this.#show(opened, page);
    const forget = this.#kept.remember({ title: tab.title, state: [...folders] });
    tab.onDidDispose(() => {
      this.#open.delete(opened);
      forget();
    });
  }

  /** The page in the colours of the editor. Its webview keeps which folders it is about. */
  #show({ tab, folders }: Opened, page: string): void {
    // What the system prefers says nothing of the editor's theme.
    const styled = page.replace('</style>', () => `${editorStyle}</style>`);
    tab.webview.html = keepingFolders(styled, folders, randomBytes(16).toString('base64url'));
  }
}

/** A page that says why there is none. */
function lostPage(title: string, message: string): string {
  const { text } = html`<!doctype html>
    <html lang="${vscode.env.language}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title} · Distillery</title>
        <style>
          body {
            padding: 1em;
            color: var(--text);
            background: var(--page);
          }
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
