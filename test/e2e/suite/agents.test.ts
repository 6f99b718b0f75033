import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ProcessTool } from '../../../src/extension/agents/registerTools.ts';

describe('tools for language models', () => {
  const manifest = (): { contributes: { languageModelTools: { name: string; tags: string[] }[] } } =>
    vscode.extensions.getExtension('distillery.distillery')?.packageJSON as never;

  before(async () => {
    await vscode.extensions.getExtension('distillery.distillery')?.activate();
  });

  it('are all offered to language models, with what they take', () => {
    for (const { name } of manifest().contributes.languageModelTools) {
      const tool = vscode.lm.tools.find((each) => each.name === name);
      assert.ok(tool, `${name} is not offered`);
      assert.ok(tool.inputSchema);
    }
  });

  it('answer, in a process of their own, in the folder that is open', async () => {
    const invoke = async (name: string, input: object): Promise<string> => {
      const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
      return result.content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('\n');
    };
    assert.match(await invoke('list_runs', {}), /\| Run \||There are no runs yet/);
    assert.match(await invoke('inspect_model', { model: '/etc/hostname' }), /inspect_model was refused[^]*outside of/);
  });
});

describe('a tool that writes', () => {
  const prepare = async (input: unknown): Promise<string> => {
    const extension = vscode.extensions.getExtension('distillery.distillery');
    assert.ok(extension);
    const program = join(extension.extensionPath, 'dist', 'trainer.mjs');
    const contributed = { name: 'start_run', displayName: 'Start Run', tags: ['writes'] };
    const tool = new ProcessTool(contributed, { program, orphanMinutes: () => 10 });
    const prepared = await tool.prepareInvocation({ input }, new vscode.CancellationTokenSource().token);
    const { title, message } = prepared.confirmationMessages ?? assert.fail('nothing is to be confirmed');
    return `${title}\n${typeof message === 'string' ? message : message.value}`;
  };

  it('says before it is called what it writes and about how long it takes', async () => {
    const experiment = {
      name: 'digits [link](command:x)',
      teacher: null,
      dataset: { path: 'builtin:digits', limit: 100 },
      student: { architecture: 'mlp', hidden: [8] },
    };
    const said = await prepare({ experiment });
    assert.match(said, /^Start the run 'digits .*'\?\n/);
    assert.match(said, /writes the folder '\.distillery\/runs\/[^]*It takes roughly/);
    assert.doesNotMatch(said.split('\n').slice(1).join('\n'), /[^\\]\[link\]/, 'names are no Markdown');
  });

  it('is to be confirmed, too, when it would be refused', async () => {
    assert.match(await prepare({ experiment: { teacher: { model: '/etc/hostname' } } }), /outside of/);
  });
});

describe('Copy for Agent', () => {
  it('puts a run as Markdown onto the clipboard', async () => {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    const folder = vscode.Uri.joinPath(workspace.uri, '.distillery', 'runs', 'broken');
    const status = {
      id: 'broken',
      name: 'broken',
      state: 'failed',
      startedAt: '2026-01-02T03:04:05.000Z',
      progress: 0.5,
      problems: [{ where: 'training', message: 'The loss is not a number.' }],
    };
    const write = (name: string, content: unknown): Thenable<void> =>
      vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), Buffer.from(JSON.stringify(content)));
    await write('status.json', status);
    await write('experiment.json', { teacher: null });
    await vscode.commands.executeCommand('distillery.refresh');
    const node = { kind: 'run', run: { folder: folder.fsPath, status } };
    await vscode.commands.executeCommand('distillery.copyForAgent', node);
    const note = await vscode.env.clipboard.readText();
    assert.match(note, /^# Distillery: run 'broken'[^]*The loss is not a number\.[^]*"teacher": null/);
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });
});
