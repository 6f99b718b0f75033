import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from './until.ts';

async function openExperiment(text: string): Promise<vscode.Uri> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const uri = vscode.Uri.joinPath(folder!.uri, 'checked.distill.json');
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  await vscode.window.showTextDocument(uri);
  return uri;
}

describe('an experiment file in the editor', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('is checked against the schema while it is typed', async () => {
    const uri = await openExperiment(
      '{ "teacher": null, "dataset": { "path": "builtin:digits" }, "training": { "epochs": 0.5 } }',
    );
    await until('there are problems', () => vscode.languages.getDiagnostics(uri).length > 0);
    const messages = vscode.languages.getDiagnostics(uri).map(({ message }) => message);
    assert.ok(
      messages.some((message) => message.includes('student')),
      `the missing student is not named: ${messages.join('; ')}`,
    );
  });

  it('completes the names of its parts', async () => {
    const uri = await openExperiment('{ }');
    const parts = ['teacher', 'dataset', 'student', 'objective', 'training'];
    await until(`${parts.join(', ')} are offered`, async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        uri,
        new vscode.Position(0, 2),
      );
      const properties = list.items.filter(({ kind }) => kind === vscode.CompletionItemKind.Property);
      const labels = new Set(properties.map(({ label }) => (typeof label === 'string' ? label : label.label)));
      return parts.every((part) => labels.has(part));
    });
  });
});
