import { cp, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { runFiles } from '../../runFolder/runFolder.ts';
import type { StoredRun } from '../../launching/readRun.ts';
import { requireTrust } from '../requireTrust.ts';

/** What is of use away from here, in the order in which it is offered. */
const OFFERED: readonly string[] = [
  runFiles.student,
  runFiles.rawStudent,
  runFiles['static-int8'],
  runFiles['dynamic-int8'],
  runFiles['aware-int8'],
  runFiles.float16,
  runFiles.int4,
  runFiles.pruned,
  runFiles.reportHtml,
  runFiles.report,
  runFiles.metricsCsv,
  runFiles.experiment,
  runFiles.tree,
];

/** Chosen beforehand. */
const USUAL: readonly string[] = [runFiles.student, runFiles.reportHtml];

/** Copies files of a run that a person chooses to a folder that they choose, under names that begin with the run's. */
export async function exportRun({ folder, status }: StoredRun): Promise<void> {
  requireTrust();
  const there = new Set(await readdir(folder));
  const items = OFFERED.filter((name) => there.has(name)).map((name) => ({
    label: name,
    picked: USUAL.includes(name),
  }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('This run has left nothing to export yet.'));
    return;
  }
  const title = vscode.l10n.t('Export Run');
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  if (!chosen || chosen.length === 0) return;
  const [target] =
    (await vscode.window.showOpenDialog({
      title,
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: vscode.l10n.t('Export Here'),
    })) ?? [];
  if (!target) return;
  const names = chosen.map(({ label }) => ({ from: label, to: exportedName(status.id, label) }));
  const taken = new Set(await readdir(target.fsPath));
  const overwritten = names.filter(({ to }) => taken.has(to)).map(({ to }) => to);
  if (overwritten.length > 0 && !(await mayOverwrite(overwritten))) return;
  // External weights lie beside the file that names them, so they keep their name.
  const beside = [...there].filter((name) => chosen.some(({ label }) => name === `${label}.data`));
  for (const { from, to } of [...names, ...beside.map((name) => ({ from: name, to: name }))]) {
    await cp(join(folder, from), join(target.fsPath, to), { recursive: true });
  }
  const reveal = vscode.l10n.t('Show');
  const message = vscode.l10n.t("Exported {0} files to '{1}'.", names.length, basename(target.fsPath));
  if ((await vscode.window.showInformationMessage(message, reveal)) === reveal) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.joinPath(target, names[0]?.to ?? ''));
  }
}

/** `student.onnx` of a run becomes `<run>.student.onnx`, so that several runs fit into one folder. */
function exportedName(id: string, name: string): string {
  return `${id}.${name}`;
}

async function mayOverwrite(names: readonly string[]): Promise<boolean> {
  const overwrite = vscode.l10n.t('Overwrite');
  const question = vscode.l10n.t('{0} is there already. Overwrite it?', names.join(', '));
  return (await vscode.window.showWarningMessage(question, { modal: true }, overwrite)) === overwrite;
}
