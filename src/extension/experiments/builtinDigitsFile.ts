import * as vscode from 'vscode';

/** The experiment that needs no files; the terminal runs the same. */
export function builtinDigitsFile(extensionUri: vscode.Uri): string {
  return vscode.Uri.joinPath(extensionUri, 'examples', 'builtin-digits.distill.json').fsPath;
}
