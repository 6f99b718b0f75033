import { join } from 'node:path';
import * as vscode from 'vscode';
import { DistilleryError, messageOf } from '../errors.ts';
import { runFiles } from '../experiment/runFolder.ts';
import type { Panels } from './panel/panels.ts';
import { openReport } from './runs/openReport.ts';
import type { Runs } from './runs/runs.ts';
import type { ExperimentsTree, TreeNode } from './views/experimentsTree.ts';

export interface CommandServices {
  readonly panels: Panels;
  readonly runs: Runs;
  readonly tree: ExperimentsTree;
  readonly log: vscode.LogOutputChannel;
}

/** Registers every command that package.json contributes. Those on runs and experiments get the view's node. */
export function registerCommands({ panels, runs, tree, log }: CommandServices): vscode.Disposable {
  const commands: Readonly<Record<string, (target: unknown) => unknown>> = {
    'distillery.distillModel': (target) => {
      panels.openNew(target instanceof vscode.Uri ? target : undefined);
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
    'distillery.openRun': onRun((folder) => panels.openRun(folder)),
    'distillery.stopRun': onRun((folder) => runs.stop(folder)),
    'distillery.resumeRun': onRun(async (folder) => {
      await runs.resume(folder);
      await panels.openRun(folder);
    }),
    'distillery.deleteRun': onRun((folder) => deleteRun(runs, folder)),
    'distillery.revealStudent': onRun((folder) =>
      vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(join(folder, runFiles.student))),
    ),
    'distillery.openReport': onRun((folder) => openReport(folder)),
  };
  const registrations = Object.entries(commands).map(([id, run]) =>
    vscode.commands.registerCommand(id, async (target: unknown) => {
      try {
        await run(target);
      } catch (error) {
        log.error(error instanceof Error ? error : messageOf(error));
        const hint = error instanceof DistilleryError && error.hint !== undefined ? ` ${error.hint}` : '';
        void vscode.window.showErrorMessage(`${messageOf(error)}${hint}`);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

function onRun(work: (folder: string) => Thenable<unknown>): (target: unknown) => Promise<void> {
  return async (target) => {
    if (isNode(target) && target.kind === 'run') await work(target.run.folder);
  };
}

function fileOf(target: unknown): vscode.Uri | undefined {
  return isNode(target) && target.kind === 'experiment' ? target.file : undefined;
}

/** Commands of view items are only ever called with the view's own nodes. */
function isNode(target: unknown): target is TreeNode {
  return typeof target === 'object' && target !== null && 'kind' in target;
}

async function deleteRun(runs: Runs, folder: string): Promise<void> {
  const run = runs.get(folder);
  if (!run) return;
  const remove = vscode.l10n.t('Delete');
  const question = vscode.l10n.t("Delete the run '{0}' with its student and its report?", run.status.id);
  const answer = await vscode.window.showWarningMessage(question, { modal: true }, remove);
  if (answer === remove) await runs.remove(folder);
}
