import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { formatBytes, formatCount } from '../../report/format.ts';
import { MODEL_EDITOR } from '../models/modelEditor.ts';
import type { ModelSizes } from '../models/modelSizes.ts';
import type { StoredRun } from '../../launching/readRun.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import type { RunNode } from './experimentsTree.ts';
import { runItem } from './runItem.ts';
import { TreeChanges } from './treeChanges.ts';

/** A model of the workspace. */
export interface ModelNode {
  readonly kind: 'model';
  readonly uri: vscode.Uri;
}

export type ModelsNode = ModelNode | RunNode;

const MODELS = '**/*.onnx';
/** Students of runs are below their runs. */
const SKIPPED = '**/{node_modules,.distillery}/**';
const MOST = 1000;
const REDRAW_MS = 150;

/** The data of the view of models: every `.onnx` of the workspace, with the runs that began with it. */
export class ModelsTree implements vscode.TreeDataProvider<ModelsNode> {
  readonly #changes = new TreeChanges(REDRAW_MS);
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #runs: Runs;
  readonly #sizes: ModelSizes;
  #models: Promise<readonly vscode.Uri[]> | undefined;

  constructor(runs: Runs, sizes: ModelSizes) {
    this.#runs = runs;
    this.#sizes = sizes;
  }

  /** Looks for models again. */
  refreshFiles(): void {
    this.#models = undefined;
    this.refresh();
  }

  /** Draws the view again, soon. */
  refresh(): void {
    this.#changes.refresh();
  }

  dispose(): void {
    this.#changes.dispose();
    this.#sizes.dispose();
  }

  async getChildren(node?: ModelsNode): Promise<ModelsNode[]> {
    switch (node?.kind) {
      case undefined: {
        this.#models ??= this.#find();
        const models = await this.#models;
        return models.map((uri) => ({ kind: 'model', uri }));
      }
      case 'model':
        return this.#madeFrom(node.uri.fsPath).map((run) => ({ kind: 'run', run }));
      case 'run':
        return [];
    }
  }

  getTreeItem(node: ModelsNode): vscode.TreeItem {
    if (node.kind === 'run') return runItem(node.run, this.#runs.isSilent(node.run.folder), false);
    const { uri } = node;
    const runs = this.#madeFrom(uri.fsPath).length;
    const item = new vscode.TreeItem(
      basename(uri.fsPath),
      runs > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    // An item that was drawn without children stays folded; with its first run it becomes another.
    item.id = `model ${uri.toString()} ${runs > 0}`;
    item.iconPath = new vscode.ThemeIcon('symbol-structure');
    item.contextValue = 'model';
    item.description = [...this.#sizeText(uri.fsPath), ...(runs === 0 ? [] : [runsText(runs)]), folderText(uri)]
      .filter((text) => text !== '')
      .join(' · ');
    item.tooltip = uri.fsPath;
    const title = vscode.l10n.t('Open Model');
    item.command = { command: 'vscode.openWith', title, arguments: [uri, MODEL_EDITOR] };
    return item;
  }

  #madeFrom(path: string): readonly StoredRun[] {
    return this.#runs.all.filter(({ details }) => details.models.includes(path));
  }

  #sizeText(path: string): readonly string[] {
    const size = this.#sizes.knownOf(path);
    switch (size?.kind) {
      case undefined:
        return [];
      case 'known':
        return [vscode.l10n.t('{0} parameters', formatCount(size.parameters)), formatBytes(size.bytes)];
      case 'unreadable':
        return [vscode.l10n.t('cannot be read: {0}', size.problem)];
    }
  }

  async #find(): Promise<readonly vscode.Uri[]> {
    const models = await findModelFiles();
    for (const { fsPath } of models) this.#measure(fsPath);
    return models;
  }

  #measure(path: string): void {
    const before = this.#sizes.knownOf(path);
    void this.#sizes.sizeOf(path).then((size) => {
      if (size !== before) this.refresh();
    });
  }
}

async function findModelFiles(): Promise<readonly vscode.Uri[]> {
  const uris = await vscode.workspace.findFiles(MODELS, SKIPPED, MOST);
  return uris.sort((one, other) => one.path.localeCompare(other.path));
}

function runsText(runs: number): string {
  return runs === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', runs);
}

/** The folder in the workspace; nothing for the workspace's own. */
function folderText(uri: vscode.Uri): string {
  const folder = dirname(vscode.workspace.asRelativePath(uri));
  return folder === '.' ? '' : folder;
}
