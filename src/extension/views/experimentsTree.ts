import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { runFiles } from '../../experiment/runFolder.ts';
import { findExperimentFiles, type ExperimentFile } from '../experiments/experimentFiles.ts';
import type { StoredRun } from '../runs/readRuns.ts';
import type { Runs } from '../runs/runs.ts';
import { describeRun } from './describeRun.ts';

/** An experiment: a file, or what runs without a file have in common, their name. */
export interface ExperimentNode {
  readonly kind: 'experiment';
  readonly name: string;
  readonly file?: vscode.Uri;
}

export interface RunNode {
  readonly kind: 'run';
  readonly run: StoredRun;
}

export type TreeNode = ExperimentNode | RunNode;

/** The view's data: experiments with their runs, newest first. */
export class ExperimentsTree implements vscode.TreeDataProvider<TreeNode> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #runs: Runs;
  #files: readonly ExperimentFile[] = [];

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  /** Looks for experiment files again. */
  async refreshFiles(): Promise<void> {
    this.#files = await findExperimentFiles();
    this.refresh();
  }

  /** Draws the view again. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  getChildren(node?: TreeNode): TreeNode[] {
    switch (node?.kind) {
      case undefined:
        return this.#experiments();
      case 'experiment':
        return this.#runs.all.filter((run) => run.status.name === node.name).map((run) => ({ kind: 'run', run }));
      case 'run':
        return [];
    }
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'experiment':
        return this.#experimentItem(node);
      case 'run':
        return runItem(node.run);
    }
  }

  #experiments(): ExperimentNode[] {
    const withFile = this.#files.map(({ name, uri }) => ({ kind: 'experiment', name, file: uri }) as const);
    const known = new Set(withFile.map((experiment) => experiment.name));
    const others = [...new Set(this.#runs.all.map((run) => run.status.name))].filter((name) => !known.has(name));
    return [...withFile, ...others.map((name) => ({ kind: 'experiment', name }) as const)];
  }

  #experimentItem({ name, file }: ExperimentNode): vscode.TreeItem {
    const runs = this.#runs.all.filter((run) => run.status.name === name);
    const item = new vscode.TreeItem(
      name,
      runs.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
    );
    // An item that was drawn without children stays folded; with its first run it becomes another.
    item.id = `experiment ${file?.toString() ?? name} ${runs.length > 0}`;
    item.iconPath = new vscode.ThemeIcon('beaker');
    item.contextValue = file ? 'experiment.file' : 'experiment';
    if (file) {
      item.description = vscode.workspace.asRelativePath(file);
      item.tooltip = file.fsPath;
      if (runs.length === 0) {
        const title = vscode.l10n.t('Distill with This Experiment');
        item.command = { command: 'distillery.openExperiment', title, arguments: [file] };
      }
    }
    return item;
  }
}

function runItem({ folder, status }: StoredRun): vscode.TreeItem {
  const { label, description, accessibleLabel, tooltip, icon, context } = describeRun(status, {
    now: Date.now(),
    locale: vscode.env.language,
    isResumable: status.state !== 'running' && existsSync(join(folder, runFiles.checkpoint)),
    hasStudent: existsSync(join(folder, runFiles.student)),
    hasReport: existsSync(join(folder, runFiles.report)),
    translate: vscode.l10n.t,
  });
  const item = new vscode.TreeItem(label);
  item.id = `run ${folder}`;
  item.description = description;
  item.tooltip = new vscode.MarkdownString(tooltip, true);
  item.iconPath = new vscode.ThemeIcon(
    icon.name,
    icon.color === undefined ? undefined : new vscode.ThemeColor(icon.color),
  );
  item.contextValue = context;
  item.accessibilityInformation = { label: accessibleLabel };
  item.command = {
    command: 'distillery.openRun',
    title: vscode.l10n.t('Open Run'),
    arguments: [{ kind: 'run', run: { folder, status } }],
  };
  return item;
}
