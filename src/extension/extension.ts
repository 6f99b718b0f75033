import { join } from 'node:path';
import * as vscode from 'vscode';
import { registerTools } from './agents/registerTools.ts';
import { registerCommands } from './commands.ts';
import { logError } from './logError.ts';
import { MODEL_EDITOR, ModelEditor } from './models/modelEditor.ts';
import type { OwnManifest } from './ownManifest.ts';
import { settings } from './settings.ts';
import { registerExperimentTasks } from './tasks/registerExperimentTasks.ts';
import type { Workbench } from './workbench.ts';

/**
 * Registers what VS Code asks for as soon as this returns: commands, tools, tasks and the editor of models, each of which loads what it takes
 * when it is called. For views and tabs VS Code waits, so they come with what stands by the runs, right afterwards.
 */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Distillery', { log: true });
  let opening: Promise<Workbench> | undefined;
  const workbench = (): Promise<Workbench> =>
    (opening ??= import('./workbench.ts').then(({ openWorkbench }) => openWorkbench(context, log)));
  const manifest = context.extension.packageJSON as OwnManifest;
  context.subscriptions.push(
    log,
    registerCommands(manifest, workbench, log),
    registerTools(manifest, {
      program: join(context.extensionPath, 'dist', 'trainer.mjs'),
      orphanMinutes: settings.orphanMinutes,
    }),
    registerExperimentTasks(join(context.extensionPath, 'dist', 'cli.mjs')),
    vscode.window.registerCustomEditorProvider(MODEL_EDITOR, new ModelEditor(context.extensionUri)),
  );
  setImmediate(() => {
    workbench().catch((error: unknown) => {
      logError(log, error);
    });
  });
}
