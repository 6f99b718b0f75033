import * as vscode from 'vscode';
import type { PickerKind } from '../../protocol/panel.ts';

/** Asks for a file or folder; undefined when the person changed their mind. */
export async function pickPath(picker: PickerKind, baseDirectory: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    ...optionsOf(picker),
    defaultUri: vscode.Uri.file(baseDirectory),
    openLabel: vscode.l10n.t('Choose'),
  });
  return chosen?.[0]?.fsPath;
}

function optionsOf(picker: PickerKind): vscode.OpenDialogOptions {
  switch (picker) {
    case 'model':
      return { title: vscode.l10n.t('Choose a Model'), filters: { [vscode.l10n.t('ONNX models')]: ['onnx'] } };
    case 'tokenizer':
      return { title: vscode.l10n.t('Choose a Tokenizer'), filters: { JSON: ['json'] } };
    case 'dataset-folder':
      return { title: vscode.l10n.t('Choose a Dataset Folder'), canSelectFolders: true, canSelectFiles: false };
    case 'dataset-file':
      return { title: vscode.l10n.t('Choose a Dataset File') };
  }
}
