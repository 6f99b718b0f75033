import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { runFiles } from '../experiment/runFolder.ts';
import { registerCommands } from './commands.ts';
import { EXPERIMENT_FILES } from './experiments/experimentFiles.ts';
import { PANEL_TYPE, Panels } from './panel/panels.ts';
import { announceEnd } from './runs/announceEnd.ts';
import { Runs } from './runs/runs.ts';
import { ExperimentsTree } from './views/experimentsTree.ts';

// To find out whether it may compile schemas, zod looks at `navigator`, which VS Code logs as an error of the extension.
z.config({ jitless: true });

/** Times in the view are relative and grow old. */
const REDRAW_MS = 60_000;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Distillery', { log: true });
  const logError = (error: unknown): void => {
    log.error(error instanceof Error ? error : messageOf(error));
  };
  const trainerProgram = join(context.extensionPath, 'dist', 'trainer.mjs');
  const runs = new Runs({
    trainerProgram,
    onChange: () => {
      tree.refresh();
      view.badge = badgeOf(runs);
    },
    onEnd: (run) => {
      if (!panels.isRunVisible(run.folder)) announceEnd(run, () => panels.openRun(run.folder)).catch(logError);
    },
    onRefused: (folder, problems) => {
      panels.refuse(folder, problems);
    },
    onError: logError,
  });
  const tree = new ExperimentsTree(runs);
  const view = vscode.window.createTreeView('distillery.experiments', {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const panels = new Panels({ extensionUri: context.extensionUri, runs, trainerProgram, log });
  const redraw = setInterval(() => {
    if (view.visible) tree.refresh();
  }, REDRAW_MS);
  context.subscriptions.push(
    log,
    runs,
    tree,
    view,
    new vscode.Disposable(() => {
      clearInterval(redraw);
    }),
    registerCommands({ panels, runs, tree, log }),
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, panels),
    watchRunFolders(runs, logError),
    watchExperimentFiles(tree, logError),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      runs.refresh(workspaceFolders()).catch(logError);
      tree.refreshFiles().catch(logError);
    }),
  );
  await Promise.all([runs.refresh(workspaceFolders()), tree.refreshFiles()]);
}

/** Runs may also be started by another window or from a terminal. */
function watchRunFolders(runs: Runs, logError: (error: unknown) => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(`**/.distillery/runs/{*,*/${runFiles.status}}`);
  const update = (uri: vscode.Uri): void => {
    const folder = basename(uri.path) === runFiles.status ? dirname(uri.fsPath) : uri.fsPath;
    runs.refreshRun(folder).catch(logError);
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(update),
    watcher.onDidChange(update),
    watcher.onDidDelete(update),
  );
}

function watchExperimentFiles(tree: ExperimentsTree, logError: (error: unknown) => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(EXPERIMENT_FILES);
  const update = (): void => {
    tree.refreshFiles().catch(logError);
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(update),
    watcher.onDidChange(update),
    watcher.onDidDelete(update),
  );
}

function workspaceFolders(): readonly string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter((folder) => folder.uri.scheme === 'file').map((folder) => folder.uri.fsPath);
}

function badgeOf(runs: Runs): vscode.ViewBadge | undefined {
  const value = runs.all.filter((run) => run.status.state === 'running').length;
  return value === 0 ? undefined : { value, tooltip: vscode.l10n.t('{0} running', value) };
}
