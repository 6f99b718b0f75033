import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../support/until.ts';

async function openExperiment(text: string, name = 'checked'): Promise<vscode.Uri> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const uri = vscode.Uri.joinPath(folder!.uri, `${name}.distill.json`);
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

  it('is told what was meant, and mended', async () => {
    const uri = await openExperiment(
      '{\n  // small\n  "teacher": null,\n  "dataset": { "path": "builtin:digits" },\n  "student": { "architecture": "mlpp" },\n}',
    );
    await until('there is one problem', () => vscode.languages.getDiagnostics(uri).length === 1);
    const [problem] = vscode.languages.getDiagnostics(uri);
    assert.equal(
      problem!.message.split('\n')[0],
      "student.architecture: 'mlpp' is not an architecture; did you mean 'mlp'?",
    );
    assert.equal(problem!.range.start.line, 4);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      problem!.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const [meant] = actions;
    assert.ok(meant?.isPreferred && meant.edit, `the first of ${actions.map(({ title }) => title).join(', ')}`);
    await vscode.workspace.applyEdit(meant.edit);
    await until('nothing is wrong any more', () => vscode.languages.getDiagnostics(uri).length === 0);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('can be run and opened from above its text, shows what fields mean, and links to its files', async () => {
    const uri = await openExperiment(
      '{\n  "teacher": null,\n  "dataset": { "path": "data" },\n  "student": { "model": "linked.distill.json" }\n}',
      'linked',
    );
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
    const commands = lenses.map(({ command }) => command?.command);
    assert.ok(commands.includes('distillery.runExperiment') && commands.includes('distillery.openExperiment'));
    const [hover, ...others] = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      uri,
      new vscode.Position(1, 5),
    );
    assert.match((hover!.contents[0] as vscode.MarkdownString).value, /The network that is imitated/);
    assert.deepEqual(others, [], 'it is explained once');
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri);
    assert.deepEqual(
      links.map(({ target }) => target?.path.split('/').at(-1)),
      ['linked.distill.json'],
    );
    await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', uri);
  });

  it('tells what it is about once its data were opened', async () => {
    const uri = await openExperiment(
      '{\n  "teacher": null,\n  "dataset": { "path": "builtin:digits", "limit": 60 },\n  "student": { "architecture": "mlp", "hidden": [8] }\n}',
      'opened',
    );
    await vscode.commands.executeCommand('distillery.checkExperiment', uri);
    await until('the samples are counted above the dataset', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 20);
      return lenses.some(({ range, command }) => range.start.line === 2 && /60 training/.test(command?.title ?? ''));
    });
    assert.deepEqual(vscode.languages.getDiagnostics(uri), []);
  });

  it('is offered as a task, whose problems land on their lines', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const uri = vscode.Uri.joinPath(folder!.uri, 'broken.distill.json');
    const text =
      '{\n  "teacher": null,\n  "dataset": { "path": "builtin:digits" },\n  "search": {},\n  "student": 1\n}';
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    const names = async () => (await vscode.tasks.fetchTasks({ type: 'distillery' })).map(({ name }) => name);
    await until('there are tasks', async () => (await names()).includes('search broken.distill.json'));
    const tasks = await vscode.tasks.fetchTasks({ type: 'distillery' });
    await vscode.tasks.executeTask(tasks.find(({ name }) => name === 'run broken.distill.json')!);
    await until('the task has told its problem', () =>
      vscode.languages.getDiagnostics(uri).some(({ code, range }) => code === 'search.space' && range.start.line === 3),
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
