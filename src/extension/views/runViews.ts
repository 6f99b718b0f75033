import * as vscode from 'vscode';
import { ArrangementStore } from '../explorer/arrangementStore.ts';
import { ModelSizes } from '../models/modelSizes.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import type { Searches } from '../search/searches.ts';
import { ExperimentsTree, type TreeNode } from './experimentsTree.ts';
import { ModelsTree, type ModelsNode } from './modelsTree.ts';
import type { ListingView } from './runItem.ts';
import { RunStatusBar } from './runStatusBar.ts';
import { selectedIn } from './selectedIn.ts';
import { showArrangement } from './showArrangement.ts';

/** The views that show runs, and the status bar: drawn anew together when runs change. */
export class RunViews implements vscode.Disposable {
  readonly arrangement: ArrangementStore;
  readonly tree: ExperimentsTree;
  readonly models: ModelsTree;
  readonly #runs: Runs;
  readonly #view: vscode.TreeView<TreeNode>;
  readonly #modelsView: vscode.TreeView<ModelsNode>;
  readonly #statusBar: RunStatusBar;
  readonly #registration: vscode.Disposable;
  #noteListed: () => void = () => undefined;

  constructor(context: vscode.ExtensionContext, runs: Runs, searches: Searches) {
    this.#runs = runs;
    this.arrangement = new ArrangementStore(context.workspaceState, () => {
      this.redraw();
    });
    const isListed = new Promise<void>((resolve) => {
      this.#noteListed = resolve;
    });
    this.tree = new ExperimentsTree(runs, searches, () => this.arrangement.current, isListed);
    const view = vscode.window.createTreeView('distillery.experiments', {
      treeDataProvider: this.tree,
      showCollapseAll: true,
      canSelectMany: true,
    });
    this.#view = view;
    this.models = new ModelsTree(runs, new ModelSizes(context.extensionPath));
    this.#modelsView = vscode.window.createTreeView('distillery.models', { treeDataProvider: this.models });
    this.#statusBar = new RunStatusBar(runs);
    this.#registration = vscode.Disposable.from(this.tree, view, this.#statusBar, this.models, this.#modelsView);
  }

  /** Runs, files and searches are listed for the first time: until then the view says that it is loading. */
  noteListed(): void {
    this.#noteListed();
  }

  /** What is selected in a view. */
  selected(view: ListingView): Promise<TreeNode | ModelsNode | undefined> {
    return view === 'models' ? selectedIn(this.#modelsView) : selectedIn(this.#view);
  }

  redraw(): void {
    this.tree.refresh();
    this.models.refresh();
    this.#statusBar.refresh();
    showArrangement(this.#view, this.#runs, this.arrangement.current);
  }

  /** Times in the view are relative and grow old. */
  redrawTimes(): void {
    if (this.#view.visible) this.tree.refresh();
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
