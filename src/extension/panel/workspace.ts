import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../errors.ts';
import type { WorkspaceHindrance } from '../../protocol/panel.ts';
import { workspaceFolders } from '../workspaceFolders.ts';

/** What keeps the workspace from having anything run in it; null where nothing does. */
export function workspaceHindrance(): WorkspaceHindrance | null {
  if (!vscode.workspace.isTrusted) return 'untrusted';
  // A workspace may have been opened from its file and have no folders.
  return workspaceFolders().length === 0 ? 'no-folder' : null;
}

/** The same for who tries to run something. */
export function workspaceProblems(): readonly Problem[] {
  switch (workspaceHindrance()) {
    case null:
      return [];
    case 'untrusted':
      return [{ where: '', message: vscode.l10n.t('This workspace is not trusted.') }];
    case 'no-folder':
      return [{ where: '', message: vscode.l10n.t('No folder is open that the run could be written into.') }];
  }
}

/** Has the person choose a folder for the window. */
export async function openFolder(): Promise<void> {
  const isWorkspace = vscode.workspace.workspaceFile !== undefined;
  await vscode.commands.executeCommand(isWorkspace ? 'workbench.action.addRootFolder' : 'vscode.openFolder');
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
