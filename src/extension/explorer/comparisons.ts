import * as vscode from 'vscode';
import type { Folders } from '../views/folderTabs.ts';
import type { KeptTabs } from '../views/keptTabs.ts';
import { PageTabs } from '../views/pageTabs.ts';

/** As package.json's activation event names it. */
export const COMPARISON_TYPE = 'distillery.runComparison';

/** Tabs of runs beside each other. */
export class Comparisons {
  readonly tabs: PageTabs;

  constructor(extensionUri: vscode.Uri, kept: KeptTabs<Folders>) {
    this.tabs = new PageTabs(extensionUri, kept, {
      type: COMPARISON_TYPE,
      pageOf: async (folders) => {
        const { comparisonPage } = await import('./comparisonPage.ts');
        return comparisonPage(extensionUri, folders);
      },
      lostTitle: () => vscode.l10n.t('These runs cannot be compared any more.'),
    });
  }

  /**
   * Shows runs beside each other in a tab.
   * @param folders of 2 to 20 runs that have a report
   * @throws DistilleryError when they cannot be compared
   */
  async open(folders: Folders): Promise<void> {
    // Reading the curves of many runs takes a while.
    await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Comparing {0} runs…', folders.length),
      },
      () => this.tabs.open(folders, vscode.l10n.t('Comparison of {0} runs', folders.length), vscode.ViewColumn.Active),
    );
  }
}
