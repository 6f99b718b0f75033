import * as vscode from 'vscode';
import { logError } from './logError.ts';
import type { OwnManifest } from './ownManifest.ts';
import type { Workbench } from './workbench.ts';

/** Registers every command that package.json contributes. What they do is loaded when the first of them is called. */
export function registerCommands(
  { contributes }: OwnManifest,
  workbench: () => Promise<Workbench>,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const registrations = contributes.commands.map(({ command }) =>
    vscode.commands.registerCommand(command, async (target: unknown, selected: unknown) => {
      try {
        const commands = await (await workbench()).commands();
        await commands[command]?.(target, selected);
      } catch (error) {
        logError(log, error);
        const { showError } = await import('./agents/copyForAgent.ts');
        void showError(error);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}
