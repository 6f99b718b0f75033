import { dirname } from 'node:path';
import * as vscode from 'vscode';

/** As package.json names the language of experiment files. */
export const EXPERIMENT_LANGUAGE = 'distillery';

/** Experiment files, wherever they are shown from: Git's versions of one are completed and explained as well. */
export const EXPERIMENT_SELECTOR: vscode.DocumentSelector = { language: EXPERIMENT_LANGUAGE };

/** Whether a document is an experiment file that can be run, now or once it is saved. */
export function isExperiment(document: vscode.TextDocument): boolean {
  return (
    document.languageId === EXPERIMENT_LANGUAGE &&
    (document.uri.scheme === 'file' || document.uri.scheme === 'untitled')
  );
}

/** The folder that the paths in a document start from: its own, or the workspace's where it has none yet. */
export function baseDirectoryOf({ uri }: Pick<vscode.TextDocument, 'uri'>): string | undefined {
  if (uri.scheme === 'file') return dirname(uri.fsPath);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
}
