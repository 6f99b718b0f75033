import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../errors.ts';

/** What the workspace lacks for a run. */
export function workspaceProblems(): readonly Problem[] {
  const problem = (message: string): Problem => ({ where: 'workspace', message });
  return [
    ...(vscode.workspace.isTrusted ? [] : [problem(vscode.l10n.t('is not trusted'))]),
    ...(vscode.workspace.workspaceFolders ? [] : [problem(vscode.l10n.t('has no folder open to write the run into'))]),
  ];
}

/** Where runs of a workspace folder keep outputs of teachers. */
export function usualCacheFolder(workspaceFolder: string): string {
  return join(workspaceFolder, '.distillery', 'cache');
}

/** The workspace folder that a run of an experiment in `directory` is written into. */
export function workspaceFolderOf(directory: string): string | undefined {
  const folder =
    vscode.workspace.getWorkspaceFolder(vscode.Uri.file(directory)) ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.fsPath;
}
