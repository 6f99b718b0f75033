import * as vscode from 'vscode';
import { messageOf } from '../errors.ts';
import { showError } from './agents/copyForAgent.ts';
import type { ArrangementStore } from './explorer/arrangementStore.ts';
import { runCommands, type Command } from './explorer/runCommands.ts';
import type { Panels } from './panel/panels.ts';
import type { Runs } from './runs/runSupervisor.ts';
import type { ExperimentsTree, MoreNode, TreeNode } from './views/experimentsTree.ts';

export interface CommandServices {
  readonly panels: Panels;
  readonly runs: Runs;
  readonly tree: ExperimentsTree;
  readonly arrangement: ArrangementStore;
  readonly log: vscode.LogOutputChannel;
  /** Commands of other parts. */
  readonly others: Readonly<Record<string, Command>>;
}

/** Registers every command that package.json contributes. Those on runs and experiments get the view's node. */
export function registerCommands(services: CommandServices): vscode.Disposable {
  const { panels, runs, tree, arrangement, log, others } = services;
  const commands: Readonly<Record<string, Command>> = {
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
    ...runCommands(runs, panels),
    ...others,
  };
  const registrations = Object.entries(commands).map(([id, run]) =>
    vscode.commands.registerCommand(id, async (target: unknown, selected: unknown) => {
      try {
        await run(target, selected);
      } catch (error) {
        log.error(error instanceof Error ? error : messageOf(error));
        void showError(error);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
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
