import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { formatBytes, formatCount } from '../../report/format.ts';
import { MODEL_EDITOR } from '../models/modelEditor.ts';
import type { ModelSizes } from '../models/modelSizes.ts';
import type { StoredRun } from '../../launching/readRun.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import type { RunNode } from './experimentsTree.ts';
import { runItem, runsText } from './runItem.ts';
import { TreeChanges } from './treeChanges.ts';

/** A model of the workspace. */
export interface ModelNode {
  readonly kind: 'model';
  readonly uri: vscode.Uri;
}

/** A run that began with a model. */
export interface MadeNode extends RunNode {
  /** Path of the model. */
  readonly model: string;
}

export type ModelsNode = ModelNode | MadeNode;

const MODELS = '**/*.onnx';
/** Students of runs are below their runs. */
const SKIPPED = '**/{node_modules,.distillery}/**';
const MOST = 1000;
const REDRAW_MS = 150;

/** The data of the view of models: every `.onnx` of the workspace, with the runs that began with it. */
export class ModelsTree implements vscode.TreeDataProvider<ModelsNode> {
  readonly #changes = new TreeChanges<ModelsNode>(
    { childrenOf: (node) => this.#childrenOf(node), idOf: (node) => this.#idOf(node) },
    (node) => this.getTreeItem(node),
    REDRAW_MS,
  );
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #runs: Runs;
  readonly #sizes: ModelSizes;
  #found: Promise<readonly vscode.Uri[]> | undefined;
  /** Those that were found last. */
  #models: readonly vscode.Uri[] = [];

  constructor(runs: Runs, sizes: ModelSizes) {
    this.#runs = runs;
    this.#sizes = sizes;
  }

  /** Looks for models again. */
  refreshFiles(): void {
    // While nobody looks, nothing is looked for.
    if (!this.#found) return;
    this.#found = this.#find();
    void this.#found.then((models) => {
      this.#models = models;
      this.refresh();
    });
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
    this.#found ??= this.#find();
    this.#models = await this.#found;
    return this.#changes.children(node);
  }

  getTreeItem(node: ModelsNode): vscode.TreeItem {
    if (node.kind === 'run') {
      const item = runItem(node.run, {
        view: 'models',
        isSilent: this.#runs.isSilent(node.run.folder),
        isInExperiment: false,
      });
      item.id = this.#idOf(node);
      return item;
    }
    const { uri } = node;
    const runs = this.#madeFrom(uri.fsPath).length;
    const item = new vscode.TreeItem(
      basename(uri.fsPath),
      runs > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    item.id = this.#idOf(node);
    item.iconPath = new vscode.ThemeIcon('symbol-structure');
    item.contextValue = 'model';
    const facts = [...this.#sizeText(uri.fsPath), ...(runs === 0 ? [] : [runsText(runs)])];
    item.description = [...facts, folderText(uri)].filter((text) => text !== '').join(' · ');
    // In a narrow view all but the beginning of the name is cut off.
    item.tooltip = [uri.fsPath, ...facts].join('\n');
    item.accessibilityInformation = { label: [basename(uri.fsPath), ...facts, folderText(uri)].join(', ') };
    const title = vscode.l10n.t('Open Model');
    item.command = { command: 'vscode.openWith', title, arguments: [uri, MODEL_EDITOR] };
    return item;
  }

  #childrenOf(node: ModelsNode | undefined): ModelsNode[] {
    switch (node?.kind) {
      case undefined:
        return this.#models.map((uri) => ({ kind: 'model', uri }));
      case 'model':
        return this.#madeFrom(node.uri.fsPath).map((run) => ({ kind: 'run', run, model: node.uri.fsPath }));
      case 'run':
        return [];
    }
  }

  /** Among all entries of the view. An item that was drawn without children stays folded; with its first run it becomes another. */
  #idOf(node: ModelsNode): string {
    return node.kind === 'run'
      ? `run ${node.run.folder} of ${node.model}`
      : `model ${node.uri.toString()} ${this.#madeFrom(node.uri.fsPath).length > 0}`;
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
        // Trees and machines of other kinds have none that are counted.
        return [
          ...(size.parameters === 0 ? [] : [vscode.l10n.t('{0} parameters', formatCount(size.parameters))]),
          formatBytes(size.bytes),
        ];
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

/** The folder in the workspace; nothing for the workspace's own. */
function folderText(uri: vscode.Uri): string {
  const folder = dirname(vscode.workspace.asRelativePath(uri));
  return folder === '.' ? '' : folder;
}
