import { cp, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { StoredRun } from '../../launching/readRun.ts';
import { requireTrust } from '../requireTrust.ts';
import { copiesOf, offeredFiles } from './exportedFiles.ts';

/** Copies files of a run that a person chooses to a folder that they choose, under names that begin with the run's. */
export async function exportRun({ folder, status }: StoredRun): Promise<void> {
  requireTrust();
  const there = new Set(await readdir(folder));
  const items = offeredFiles(there, vscode.l10n.t).map(({ name, what, isUsual }) => ({
    label: name,
    description: what,
    picked: isUsual,
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
  const copies = copiesOf(
    chosen.map(({ label }) => label),
    status.id,
    there,
  );
  const taken = new Set(await readdir(target.fsPath));
  const overwritten = copies.filter(({ to }) => taken.has(to)).map(({ to }) => to);
  if (overwritten.length > 0 && !(await mayOverwrite(overwritten))) return;
  for (const { from, to } of copies) await cp(join(folder, from), join(target.fsPath, to), { recursive: true });
  const reveal = vscode.l10n.t('Show');
  const place = basename(target.fsPath);
  const [first] = copies;
  const message =
    copies.length === 1
      ? vscode.l10n.t("Exported '{0}' to '{1}'.", first?.to ?? '', place)
      : vscode.l10n.t("Exported {0} files to '{1}'.", copies.length, place);
  if ((await vscode.window.showInformationMessage(message, reveal)) === reveal) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.joinPath(target, first?.to ?? ''));
  }
}

async function mayOverwrite(names: readonly string[]): Promise<boolean> {
  const overwrite = vscode.l10n.t('Overwrite');
  const question = vscode.l10n.t('{0} is there already. Overwrite it?', names.join(', '));
  return (await vscode.window.showWarningMessage(question, { modal: true }, overwrite)) === overwrite;
}
