import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { DistilleryError, systemCodeOf } from '../../errors.ts';
import type { StoredRun } from '../../launching/readRun.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { shortName } from '../panel/shortName.ts';
import type { Folders } from '../views/folderTabs.ts';
import type { KeptTabs } from '../views/keptTabs.ts';
import { PageTabs } from '../views/pageTabs.ts';

/** As package.json's activation event names it. */
export const REPORT_TYPE = 'distillery.report';

/** The reports of runs, as a person reads them. */
export class Reports {
  readonly tabs: PageTabs;
  readonly #runs: { readonly all: readonly StoredRun[] };

  /** @param runs those that are listed, by which a report is called */
  constructor(extensionUri: vscode.Uri, kept: KeptTabs<Folders>, runs: { readonly all: readonly StoredRun[] }) {
    this.#runs = runs;
    this.tabs = new PageTabs(extensionUri, kept, {
      type: REPORT_TYPE,
      pageOf: ([folder = '']) => readPage(folder),
      lostTitle: () => vscode.l10n.t('The report of this run is gone.'),
    });
  }

  /**
   * Shows the report of a run: `report.html` in the browser, or in a tab where a browser would not find the file. A run of an older version
   * has no page; then it is `report.json`.
   */
  async open(folder: string): Promise<void> {
    const page = vscode.Uri.file(join(folder, runFiles.reportHtml));
    if (!existsSync(page.fsPath)) {
      const report = vscode.Uri.file(join(folder, runFiles.report));
      await vscode.window.showTextDocument(report, { viewColumn: vscode.ViewColumn.Beside });
      return;
    }
    const isLocal = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
    if (isLocal && (await vscode.env.openExternal(page))) return;
    await this.tabs.open([folder], this.#titleOf(folder), vscode.ViewColumn.Beside);
  }

  #titleOf(folder: string): string {
    const run = this.#runs.all.find((one) => one.folder === folder);
    const name = run ? `${run.status.name} · ${shortName(run, vscode.env.language)}` : basename(folder);
    return vscode.l10n.t('Report: {0}', name);
  }
}

/** @throws DistilleryError `FILE_NOT_FOUND` when the folder is gone */
async function readPage(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, runFiles.reportHtml), 'utf8');
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
    throw new DistilleryError('FILE_NOT_FOUND', vscode.l10n.t("The folder of this run is gone: '{0}'.", folder), {
      cause: error,
    });
  }
}
