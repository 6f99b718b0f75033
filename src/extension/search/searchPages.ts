import * as vscode from 'vscode';
import { keptFolders, type Folders } from '../views/folderTabs.ts';
import type { KeptTabs } from '../views/keptTabs.ts';
import { takeWaitingTab } from '../views/waitingTab.ts';
import { SearchPage, type SearchPageServices } from './searchPage.ts';

/** As package.json's activation event names it. */
export const SEARCH_PAGE_TYPE = 'distillery.search';

/** The open tabs of searches: at most one for each. */
export class SearchPages implements vscode.WebviewPanelSerializer {
  readonly #services: SearchPageServices;
  readonly #kept: KeptTabs<Folders>;
  readonly #pages = new Set<SearchPage>();

  constructor(services: SearchPageServices, kept: KeptTabs<Folders>) {
    this.#services = services;
    this.#kept = kept;
  }

  open({ folder, name }: { readonly folder: string; readonly name: string }): void {
    const open = [...this.#pages].find((page) => page.folder === folder);
    if (open) {
      open.reveal();
      open.look();
      return;
    }
    const title = vscode.l10n.t('Search: {0}', name);
    const isWanted = ([waiting]: Folders): boolean => waiting === folder;
    const waiting = takeWaitingTab(this.#kept, {
      type: SEARCH_PAGE_TYPE,
      isWanted,
      shown: [...this.#pages].map((page) => page.title),
    });
    this.#adopt(vscode.window.createWebviewPanel(SEARCH_PAGE_TYPE, title, vscode.ViewColumn.Active), folder);
    if (waiting) void vscode.window.tabGroups.close(waiting.tab);
  }

  /** Shows at once what changed. */
  look(): void {
    for (const page of this.#pages) page.look();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const [folder] = this.#kept.take(panel.title, keptFolders(kept)) ?? [];
    if (folder === undefined) panel.dispose();
    else this.#adopt(panel, folder);
    return Promise.resolve();
  }

  #adopt(panel: vscode.WebviewPanel, folder: string): void {
    const page = new SearchPage(panel, folder, this.#services);
    this.#pages.add(page);
    const forget = this.#kept.remember({ title: panel.title, state: [folder] });
    page.onDidDispose(() => {
      this.#pages.delete(page);
      forget();
    });
  }
}
