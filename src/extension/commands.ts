import * as vscode from 'vscode';
import * as z from 'zod';
import { messageOf } from '../errors.ts';
import { showError } from './agents/copyForAgent.ts';
import type { CommandServices } from './commandTable.ts';
import type { Command } from './explorer/runCommands.ts';

/** What of package.json's commands is needed here. */
const contributions = z.object({ contributes: z.object({ commands: z.array(z.object({ command: z.string() })) }) });

/**
 * Registers every command that package.json contributes. What they do is loaded when the first of them is called.
 * @param manifest what package.json says
 */
export function registerCommands(manifest: unknown, services: CommandServices): vscode.Disposable {
  const { commands } = contributions.parse(manifest).contributes;
  let table: Promise<Readonly<Record<string, Command>>> | undefined;
  const loaded = (): Promise<Readonly<Record<string, Command>>> =>
    (table ??= import('./commandTable.ts').then(({ commandTable }) => commandTable(services)));
  const registrations = commands.map(({ command }) =>
    vscode.commands.registerCommand(command, async (target: unknown, selected: unknown) => {
      try {
        await (await loaded())[command]?.(target, selected);
      } catch (error) {
        services.log.error(error instanceof Error ? error : messageOf(error));
        void showError(error);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}
