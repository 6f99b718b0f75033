import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { makeFolder } from '../../platform/makeFolder.ts';
import type { PanelState } from '../../protocol/panel.ts';
import { nameOf, rebasePaths } from './drafts.ts';
import { asExperimentFile, EXPERIMENT_SUFFIX } from './experimentFileName.ts';
import { updateExperimentText } from './updateExperimentText.ts';
import { isThere } from './isThere.ts';

/**
 * Writes a draft to its experiment file, or to one that the person names now. Its relative paths then start from the
 * file's folder. Undefined when the person changed their mind.
 *
 * @param state gives the draft as it is when it is written: not every dialog keeps a person from editing meanwhile
 */
export async function saveExperiment(
  state: () => PanelState,
): Promise<Required<Pick<PanelState, 'baseDirectory' | 'file'>> | undefined> {
  const path = state().file ?? (await askForFile(suggestedFile(state())));
  if (path === undefined) return undefined;
  const { draft, baseDirectory } = state();
  const rebased = rebasePaths(draft, baseDirectory, dirname(path));
  if (await isThere(path)) await editDocument(vscode.Uri.file(path), (text) => updateExperimentText(text, rebased));
  else {
    // The folder that it was in may have been deleted meanwhile.
    await makeFolder(dirname(path));
    await writeFile(path, updateExperimentText('{}\n', rebased));
  }
  return { baseDirectory: dirname(path), file: path };
}

function suggestedFile({ draft, baseDirectory }: PanelState): string {
  return join(baseDirectory, `${nameOf(draft, undefined) ?? 'experiment'}${EXPERIMENT_SUFFIX}`);
}

async function askForFile(suggestion: string): Promise<string | undefined> {
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Experiment'),
    defaultUri: vscode.Uri.file(suggestion),
    // A suffix with two dots is appended by some dialogs to names that have it already.
    filters: { [vscode.l10n.t('Distillery experiments')]: ['json'] },
  });
  if (uri === undefined) return undefined;
  const path = asExperimentFile(uri.fsPath);
  // The dialog has asked about the file that was named there, not about this one.
  if (path === uri.fsPath || !(await isThere(path)) || (await mayOverwrite(path))) return path;
  return undefined;
}

async function mayOverwrite(path: string): Promise<boolean> {
  const overwrite = vscode.l10n.t('Overwrite');
  const question = vscode.l10n.t('{0} is there already. Overwrite it?', basename(path));
  return (await vscode.window.showWarningMessage(question, { modal: true }, overwrite)) === overwrite;
}

/** Edits through the editor, which may have the file open with changes of its own. */
async function editDocument(uri: vscode.Uri, change: (text: string) => string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  const end = document.lineAt(document.lineCount - 1).range.end;
  edit.replace(uri, new vscode.Range(new vscode.Position(0, 0), end), change(document.getText()));
  await vscode.workspace.applyEdit(edit);
  await document.save();
}
