import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { QUEUE_FILE } from '../queue/queueFile.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { LEASE_FILE } from '../runFolder/runLease.ts';
import { searchFiles } from '../runFolder/searchFolder.ts';
import { EXPERIMENT_FILES } from './experiments/experimentFiles.ts';
import type { Runs } from './runs/runSupervisor.ts';

/** Looks at runs again that another window or a terminal started or changed. */
export function watchRunFolders(
  runs: Runs,
  workspaceFolders: readonly string[],
  logError: (error: unknown) => void,
): vscode.Disposable {
  const directories = [...new Set(workspaceFolders.map((folder) => runs.directoryOf(folder)))];
  const update = (uri: vscode.Uri): void => {
    const isFile = watched.includes(basename(uri.path));
    const folder = isFile ? dirname(uri.fsPath) : uri.fsPath;
    // The index, and what is written for a moment, are no runs.
    if (!basename(folder).startsWith('.')) runs.refreshRun(folder).catch(logError);
  };
  const watched: readonly string[] = [runFiles.status, runFiles.marks];
  return vscode.Disposable.from(
    ...directories.map((directory) => {
      const names = `{*,*/${runFiles.status},*/${runFiles.marks}}`;
      const isUsual = directory.endsWith(join('.distillery', 'runs'));
      return watch(isUsual ? `**/.distillery/runs/${names}` : new vscode.RelativePattern(directory, names), update);
    }),
  );
}

/** Experiment files that come, change or go. */
export function watchExperimentFiles(changed: () => void): vscode.Disposable {
  return watch(EXPERIMENT_FILES, changed);
}

/** New models and those that are gone or another one now; students are written into run folders all the time and do not count. */
export function watchModels(changed: () => void): vscode.Disposable {
  return watch('**/*.onnx', (uri) => {
    if (!uri.path.includes('/.distillery/')) changed();
  });
}

/** Searches that begin, go on or end here, in another window or in a terminal. */
export function watchSearches(changed: () => void): vscode.Disposable {
  return watch(`**/.distillery/searches/{*,*/${searchFiles.result},*/${LEASE_FILE}}`, changed);
}

/** The queue, which a terminal or another window may change. */
export function watchQueue(changed: () => void): vscode.Disposable {
  return watch(`**/.distillery/queue/${QUEUE_FILE}`, changed);
}

function watch(pattern: vscode.GlobPattern, update: (uri: vscode.Uri) => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(update),
    watcher.onDidChange(update),
    watcher.onDidDelete(update),
  );
}
