import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../support/until.ts';

function panelTitles(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('distillery.panel'))
    .map(({ label }) => label);
}

describe('the command “Distill Model”', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens a panel, named after the model that it was called with', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const model = vscode.Uri.joinPath(folder!.uri, 'tiny.onnx');
    await vscode.commands.executeCommand('distillery.distillModel', model);
    await until('the panel is open', () => panelTitles().length === 1);
    assert.match(panelTitles()[0]!, /tiny/);
  });

  it('opens a panel of its own every time, for experiments side by side', async () => {
    await vscode.commands.executeCommand('distillery.distillModel');
    await vscode.commands.executeCommand('distillery.distillModel');
    await until('two panels are open', () => panelTitles().length === 2);
  });
});

describe('a panel whose file is renamed or deleted', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('goes along with it', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const [one, two] = ['one', 'two'].map((name) => vscode.Uri.joinPath(folder!.uri, `${name}.distill.json`));
    const text = '{ "teacher": null, "dataset": { "path": "builtin:digits" }, "student": { "architecture": "mlp" } }';
    await vscode.workspace.fs.writeFile(one!, Buffer.from(text));
    await vscode.commands.executeCommand('distillery.openExperiment', one);
    await until('the panel is open', () => panelTitles().join() === 'Distill: one');
    const renaming = new vscode.WorkspaceEdit();
    renaming.renameFile(one!, two!);
    await vscode.workspace.applyEdit(renaming);
    await until('the panel is called as the file', () => panelTitles().join() === 'Distill: two');
    const deleting = new vscode.WorkspaceEdit();
    deleting.deleteFile(two!);
    await vscode.workspace.applyEdit(deleting);
    await until('the panel is of no file', () => panelTitles().join() === 'Distill: digits');
  });
});
