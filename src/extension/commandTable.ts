import * as vscode from 'vscode';
import { compareCommand } from './explorer/compareCommand.ts';
import type { ArrangementStore } from './explorer/arrangementStore.ts';
import type { Comparisons } from './explorer/comparisons.ts';
import { runCommands, type Command } from './explorer/runCommands.ts';
import { experimentCommands, type ExperimentCommandServices } from './language/experimentCommands.ts';
import { modelCommands } from './models/modelCommands.ts';
import type { OpenQueue } from './queue/openQueue.ts';
import { openQueued } from './queue/openQueued.ts';
import { queueCommands, type QueueServices } from './queue/queueCommands.ts';
import type { Reports } from './runs/reports.ts';
import type { Runs } from './runs/runSupervisor.ts';
import { searchCommands } from './search/searchCommands.ts';
import type { Searches } from './search/searches.ts';
import type { SearchPages } from './search/searchPages.ts';
import type { ExperimentsTree, MoreNode, TreeNode } from './views/experimentsTree.ts';
import type { RunViews } from './views/runViews.ts';

export interface CommandServices extends ExperimentCommandServices {
  readonly extensionUri: vscode.Uri;
  readonly runs: Runs;
  readonly reports: Reports;
  readonly searches: Searches;
  readonly searchPages: SearchPages;
  readonly comparisons: Comparisons;
  readonly queue: QueueServices;
  readonly tree: ExperimentsTree;
  readonly arrangement: ArrangementStore;
  /** What is selected in a view. */
  readonly selected: RunViews['selected'];
  readonly selectedInQueue: OpenQueue['selected'];
}

/** What each command does that package.json contributes. Those on runs and experiments get the view's node. */
export function commandTable(services: CommandServices): Readonly<Record<string, Command>> {
  const { panels, runs, tree, arrangement, searches, searchPages, comparisons, queue, extensionUri } = services;
  const open = async (node: Awaited<ReturnType<CommandServices['selected']>>): Promise<void> => {
    if (node?.kind === 'run') await panels.openRun(node.run.folder);
    else if (node?.kind === 'search') searchPages.open(node.search);
  };
  return {
    'distillery.distillModel': (target) => {
      panels.openNew(target instanceof vscode.Uri ? target : modelOf(target));
    },
    'distillery.tryBuiltinDigits': () => panels.openBuiltinDigits(),
    'distillery.openExperiment': async (target) => {
      const file =
        target instanceof vscode.Uri ? target : (fileOf(target) ?? vscode.window.activeTextEditor?.document.uri);
      if (file) await panels.openFile(file.fsPath);
    },
    'distillery.refresh': async () => {
      await Promise.all([runs.refresh(), tree.refreshFiles()]);
    },
    'distillery.openSelected.experiments': async () => open(await services.selected('experiments')),
    'distillery.openSelected.models': async () => open(await services.selected('models')),
    'distillery.openSelected.queue': async () => {
      const entry = await services.selectedInQueue();
      const workspaceFolder = queue.workspaceFolder();
      if (entry && workspaceFolder !== undefined) {
        await openQueued(entry, { workspaceFolder, runs, panels, searchPages });
      }
    },
    'distillery.searchRuns': () => {
      arrangement.search();
    },
    'distillery.clearSearch': () => {
      arrangement.clearSearch();
    },
    'distillery.sortRuns': () => arrangement.sort(),
    'distillery.groupRuns': () => arrangement.group(),
    'distillery.showMoreRuns': (target) => {
      if (isMore(target)) tree.showMore(target);
    },
    ...runCommands(runs, panels, services.reports),
    ...compareCommand(comparisons, runs),
    ...searchCommands(searches, searchPages),
    ...queueCommands(queue),
    ...modelCommands(extensionUri),
    ...experimentCommands(services),
  };
}

function fileOf(target: unknown): vscode.Uri | undefined {
  return isNode(target) && target.kind === 'experiment' ? target.file : undefined;
}

/** The model of an item of the view of models. */
function modelOf(target: unknown): vscode.Uri | undefined {
  if (typeof target !== 'object' || target === null || !('uri' in target)) return undefined;
  return target.uri instanceof vscode.Uri ? target.uri : undefined;
}

function isMore(target: unknown): target is MoreNode {
  return isNode(target) && target.kind === 'more';
}

/** Commands of view items are only ever called with the view's own nodes. */
function isNode(target: unknown): target is TreeNode {
  return typeof target === 'object' && target !== null && 'kind' in target;
}
