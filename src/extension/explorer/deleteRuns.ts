import * as vscode from 'vscode';
import type { StoredRun } from '../../launching/readRun.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import { nameOf } from '../views/arrangeRuns.ts';

/** Moves runs to the trash, those that go on after they were stopped; where there is no trash, deletes them if the person agrees. */
export async function deleteRuns(runs: Runs, chosen: readonly StoredRun[]): Promise<void> {
  const [first] = chosen;
  if (!first) return;
  const move = vscode.l10n.t('Move to Trash');
  const question =
    chosen.length === 1
      ? vscode.l10n.t("Delete the run '{0}' with its student and its report?", nameOf(first))
      : vscode.l10n.t('Delete {0} runs with their students and reports?', chosen.length);
  const running = chosen.filter(({ status }) => status.state === 'running').length;
  const detail =
    running > 0 ? vscode.l10n.t('{0} of them are still running and are stopped first.', running) : undefined;
  const options = { modal: true, ...(detail !== undefined && { detail }) };
  if ((await vscode.window.showWarningMessage(question, options, move)) !== move) return;
  await discardFolders(
    chosen.map(({ folder }) => folder),
    (folder, discardFolder) => runs.remove(folder, discardFolder),
  );
}

/**
 * Moves folders to the trash; where there is none, deletes them if the person agrees.
 * @param remove does what has to be done about a folder, and has it discarded
 */
export async function discardFolders(
  folders: readonly string[],
  remove: (folder: string, discardFolder: (path: string) => Thenable<void>) => Promise<void>,
): Promise<void> {
  const left: string[] = [];
  for (const folder of folders) {
    try {
      await remove(folder, (path) => discard(path, { useTrash: true }));
    } catch (error) {
      if (!isWithoutTrash(error)) throw error;
      left.push(folder);
    }
  }
  if (left.length > 0 && (await mayDelete(left.length))) {
    for (const folder of left) await remove(folder, (path) => discard(path, { useTrash: false }));
  }
}

function discard(folder: string, { useTrash }: { readonly useTrash: boolean }): Thenable<void> {
  return vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true, useTrash });
}

/** Machines that are reached over a network mostly have no trash, and some desktops have none. */
function isWithoutTrash(error: unknown): boolean {
  return error instanceof Error && /trash/i.test(error.message);
}

async function mayDelete(count: number): Promise<boolean> {
  const remove = vscode.l10n.t('Delete Permanently');
  const question =
    count === 1
      ? vscode.l10n.t('The run cannot be moved to the trash. Delete it permanently?')
      : vscode.l10n.t('{0} runs cannot be moved to the trash. Delete them permanently?', count);
  return (await vscode.window.showWarningMessage(question, { modal: true }, remove)) === remove;
}
