import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in its host', () => {
  it('activates and registers every command that package.json contributes', async () => {
    const extension = vscode.extensions.getExtension('distillery.distillery');
    assert.ok(extension, 'the extension is not installed');
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const { contributes } = extension.packageJSON as { contributes?: { commands?: { command: string }[] } };
    const commands = contributes?.commands ?? [];
    assert.ok(commands.length > 0, 'package.json contributes no commands');
    for (const { command } of commands) assert.ok(registered.has(command), `${command} is not registered`);
  });
});
