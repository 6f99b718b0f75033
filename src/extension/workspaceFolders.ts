import * as vscode from 'vscode';

/** Paths of the folders of the workspace that are on this machine's disk. */
export function workspaceFolders(): readonly string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter((folder) => folder.uri.scheme === 'file').map((folder) => folder.uri.fsPath);
}

/** The one that the queue is of. */
export function firstFolder(): string | undefined {
  return workspaceFolders()[0];
}
