import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('activating the extension', () => {
  let extension: vscode.Extension<unknown>;

  before(async () => {
    const found = vscode.extensions.getExtension('distillery.distillery');
    assert.ok(found, 'the extension is not installed');
    extension = found;
    await extension.activate();
  });

  it('registers every command that package.json contributes', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const { contributes } = extension.packageJSON as { contributes?: { commands?: { command: string }[] } };
    const commands = contributes?.commands ?? [];
    assert.ok(commands.length > 0, 'package.json contributes no commands');
    for (const { command } of commands) assert.ok(registered.has(command), `${command} is not registered`);
  });

  it('loads no native engine into the extension host, where a crash would take the editor’s extensions down', () => {
    const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
    assert.ok(sharedObjects.length > 0);
    assert.deepEqual(
      sharedObjects.filter((path) => /onnxruntime|sharp|tensorflow/.test(path)),
      [],
    );
  });
});
