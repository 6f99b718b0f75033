import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { runFiles } from '../../runFolder/runFolder.ts';
import { editorStyle } from '../explorer/editorStyle.ts';

/**
 * Shows the report of a run as a person reads it: `report.html` in the browser, or in a tab where a browser would not find
 * the file. A run of an older version has no page; then it is `report.json`.
 */
export async function openReport(folder: string): Promise<void> {
  const page = vscode.Uri.file(join(folder, runFiles.reportHtml));
  if (!existsSync(page.fsPath)) {
    const report = vscode.Uri.file(join(folder, runFiles.report));
    await vscode.window.showTextDocument(report, { viewColumn: vscode.ViewColumn.Beside });
    return;
  }
  const isLocal = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  if (isLocal && (await vscode.env.openExternal(page))) return;
  const title = vscode.l10n.t('Compression report');
  const tab = vscode.window.createWebviewPanel('distillery.report', title, vscode.ViewColumn.Beside, {
    enableScripts: false,
    localResourceRoots: [],
  });
  // What the system prefers says nothing of the editor's theme.
  tab.webview.html = (await readFile(page.fsPath, 'utf8')).replace('</style>', () => `${editorStyle}</style>`);
}
