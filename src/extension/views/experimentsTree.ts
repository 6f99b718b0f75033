import * as vscode from 'vscode';
import { findExperimentFiles, type ExperimentFile } from '../experiments/experimentFiles.ts';
import type { StoredRun } from '../../launching/readRun.ts';
import type { StoredSearch } from '../../launching/readSearches.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import type { Searches } from '../search/searches.ts';
import { arrangeRuns, matchingSearches, type Arrangement, type RunGroup } from './arrangeRuns.ts';
import { stateName } from './describeRun.ts';
import { fileOfFolder } from './fileOfFolder.ts';
import { runItem, runsText } from './runItem.ts';
import { searchItem } from './searchItem.ts';
import { TreeChanges } from './treeChanges.ts';
import { workspaceFolders } from '../workspaceFolders.ts';

/** An experiment: a file, or what runs without a file have in common, their name. */
export interface ExperimentNode {
  readonly kind: 'experiment';
  readonly name: string;
  readonly file?: vscode.Uri;
  readonly runs: readonly StoredRun[];
  /** Of the same name, the newest first. */
  readonly searches: readonly StoredSearch[];
}

export interface SearchNode {
  readonly kind: 'search';
  readonly search: StoredSearch;
}

/** Runs that have something else in common than their experiment. */
export interface GroupNode {
  readonly kind: 'group';
  readonly key: string;
  readonly label: string;
  readonly runs: readonly StoredRun[];
}

export interface RunNode {
  readonly kind: 'run';
  readonly run: StoredRun;
}

/** Stands for the runs of a group that are not shown yet. */
export interface MoreNode {
  readonly kind: 'more';
  /** Id of the group's item; empty for runs without one. */
  readonly group: string;
  readonly left: number;
}

export type TreeNode = ExperimentNode | GroupNode | SearchNode | RunNode | MoreNode;

/** Items of one group that are drawn at first: drawing thousands takes seconds. */
const SHOWN_AT_FIRST = 200;
const SHOWN_MORE = 1000;

/** Changes that come in one go are drawn once. */
const REDRAW_MS = 100;

/** The view's data: runs in groups. */
export class ExperimentsTree implements vscode.TreeDataProvider<TreeNode> {
  readonly #changes = new TreeChanges<TreeNode>(
    { childrenOf: (node) => this.#childrenOf(node), idOf },
    (node) => this.getTreeItem(node),
    REDRAW_MS,
  );
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #runs: Runs;
  readonly #searches: Pick<Searches, 'all' | 'isStopping'>;
  readonly #arrangement: () => Arrangement;
  /** Settles when the runs and the experiment files were listed for the first time: until then nothing is said to be empty. */
  readonly #listed: Promise<unknown>;
  #isListed = false;
  #files: readonly ExperimentFile[] = [];
  readonly #shown = new Map<string, number>();

  constructor(
    runs: Runs,
    searches: Pick<Searches, 'all' | 'isStopping'>,
    arrangement: () => Arrangement,
    listed: Promise<unknown>,
  ) {
    this.#runs = runs;
    this.#searches = searches;
    this.#arrangement = arrangement;
    this.#listed = listed.then(() => {
      this.#isListed = true;
    });
  }

  /** Looks for experiment files again. */
  async refreshFiles(): Promise<void> {
    this.#files = await findExperimentFiles();
    this.refresh();
  }

  /** Draws the view again, soon. What is not drawn yet is drawn as it is when it is listed. */
  refresh(): void {
    if (this.#isListed) this.#changes.refresh();
  }

  /** Shows more of a group. */
  showMore({ group }: MoreNode): void {
    this.#shown.set(group, this.#shownOf(group) + SHOWN_MORE);
    this.refresh();
  }

  dispose(): void {
    this.#changes.dispose();
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    await this.#listed;
    return this.#changes.children(node);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'experiment':
        return experimentItem(node);
      case 'group': {
        const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Expanded);
        item.id = idOf(node);
        item.description = String(node.runs.length);
        item.contextValue = 'group';
        return item;
      }
      case 'search':
        return searchItem(
          node.search,
          this.#searches.isStopping(node.search.folder),
          this.#arrangement().grouping === 'experiment',
        );
      case 'run':
        return runItem(node.run, {
          view: 'experiments',
          isSilent: this.#runs.isSilent(node.run.folder),
          isInExperiment: this.#arrangement().grouping === 'experiment',
        });
      case 'more':
        return moreItem(node);
    }
  }

  #childrenOf(node: TreeNode | undefined): TreeNode[] {
    switch (node?.kind) {
      case undefined:
        return this.#roots();
      case 'experiment':
        return [...node.searches.map(searchNode), ...this.#runNodes(idOf(node), node.runs)];
      case 'group':
        return this.#runNodes(idOf(node), node.runs);
      case 'search':
      case 'run':
      case 'more':
        return [];
    }
  }

  #roots(): TreeNode[] {
    const arrangement = this.#arrangement();
    const groups = arrangeRuns(this.#runs.all, arrangement);
    const isSearch = arrangement.search !== '';
    const searches = matchingSearches(this.#searches.all, arrangement.search);
    if (arrangement.grouping === 'experiment') return this.#experiments(groups, searches, isSearch);
    const ofRuns = groups.flatMap((group): TreeNode[] =>
      group.kind === 'none'
        ? this.#runNodes('', group.runs)
        : [{ kind: 'group', key: keyOf(group), label: labelOf(group), runs: group.runs }],
    );
    return [...searches.map(searchNode), ...ofRuns];
  }

  /** Experiment files by name, then what runs without a file have in common. A search leaves out what has no run that it found. */
  #experiments(groups: readonly RunGroup[], searches: readonly StoredSearch[], isSearch: boolean): ExperimentNode[] {
    const byName = new Map(groups.map((group) => [keyOf(group), group.runs]));
    const searchesOf = (name: string): readonly StoredSearch[] => searches.filter((search) => search.name === name);
    const files = this.#files.map(({ name, uri }) => ({ name, path: uri.fsPath, uri }));
    const isOf = fileOfFolder(files, workspaceFolders());
    const withFile = files.map((file): ExperimentNode => ({
      kind: 'experiment',
      name: file.name,
      file: file.uri,
      runs: (byName.get(file.name) ?? []).filter(({ folder }) => isOf(file, folder)),
      searches: searchesOf(file.name).filter(({ folder }) => isOf(file, folder)),
    }));
    const known = new Set(files.map(({ name }) => name));
    const others = [...new Set([...byName.keys(), ...searches.map(({ name }) => name)])].filter(
      (name) => !known.has(name),
    );
    return [
      ...withFile.filter((node) => !isSearch || hasChildren(node)),
      ...others.map((name): ExperimentNode => ({
        kind: 'experiment',
        name,
        runs: byName.get(name) ?? [],
        searches: searchesOf(name),
      })),
    ];
  }

  #runNodes(group: string, runs: readonly StoredRun[]): TreeNode[] {
    const shown = this.#shownOf(group);
    const nodes = runs.slice(0, shown).map((run): RunNode => ({ kind: 'run', run }));
    return runs.length <= shown ? nodes : [...nodes, { kind: 'more', group, left: runs.length - shown }];
  }

  #shownOf(group: string): number {
    return this.#shown.get(group) ?? SHOWN_AT_FIRST;
  }
}

function experimentItem(node: ExperimentNode): vscode.TreeItem {
  const { name, file } = node;
  const item = new vscode.TreeItem(
    name,
    hasChildren(node) ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
  );
  item.id = idOf(node);
  item.iconPath = new vscode.ThemeIcon('beaker');
  item.contextValue = file ? 'experiment.file' : 'experiment';
  item.accessibilityInformation = { label: accessibleName(node) };
  if (file) {
    item.description = vscode.workspace.asRelativePath(file);
    // In a narrow view the name is cut off.
    item.tooltip = `${name}\n${file.fsPath}`;
    if (!hasChildren(node)) {
      const title = vscode.l10n.t('Distill with This Experiment');
      item.command = { command: 'distillery.openExperiment', title, arguments: [file] };
    }
  }
  return item;
}

/** What those hear who do not see the view: VS Code would read out the whole tooltip. */
function accessibleName({ name, file, runs }: ExperimentNode): string {
  return [
    `${vscode.l10n.t('Experiment')} ${name}`,
    ...(file ? [vscode.workspace.asRelativePath(file)] : []),
    ...(runs.length === 0 ? [] : [runsText(runs.length)]),
  ].join(', ');
}

function moreItem(node: MoreNode): vscode.TreeItem {
  const title = vscode.l10n.t('Show more ({0} left)', node.left);
  const item = new vscode.TreeItem(title);
  item.id = idOf(node);
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: 'distillery.showMoreRuns', title, arguments: [node] };
  return item;
}

function searchNode(search: StoredSearch): SearchNode {
  return { kind: 'search', search };
}

function hasChildren({ runs, searches }: ExperimentNode): boolean {
  return runs.length > 0 || searches.length > 0;
}

/** Among all entries of the view. An item that was drawn without children stays folded; with its first run it becomes another. */
function idOf(node: TreeNode): string {
  switch (node.kind) {
    case 'experiment':
      return `experiment ${node.file?.toString() ?? node.name} ${hasChildren(node)}`;
    case 'group':
      return `group ${node.key}`;
    case 'search':
      return `search ${node.search.folder}`;
    case 'run':
      return `run ${node.run.folder}`;
    case 'more':
      return `more ${node.group}`;
  }
}

function keyOf(group: RunGroup): string {
  switch (group.kind) {
    case 'experiment':
      return group.name;
    case 'state':
      return group.state;
    case 'star':
      return String(group.starred);
    case 'none':
      return '';
  }
}

function labelOf(group: RunGroup): string {
  switch (group.kind) {
    case 'experiment':
      return group.name;
    case 'state':
      return stateName(group.state, vscode.l10n.t);
    case 'star':
      return group.starred ? vscode.l10n.t('Starred') : vscode.l10n.t('Others');
    case 'none':
      return '';
  }
}
