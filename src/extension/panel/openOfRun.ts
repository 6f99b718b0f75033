import { join } from 'node:path';
import * as vscode from 'vscode';
import type { PanelMessage } from '../../protocol/panel.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { requireTrust } from '../requireTrust.ts';
import { openReport } from '../runs/openReport.ts';
import { TRAINER_LOG } from '../../launching/readRuns.ts';

/** What of a run a person can look at outside of its panel. */
export type OpenedOfRun = Extract<PanelMessage['kind'], 'revealStudent' | 'openBaseline' | 'openReport' | 'openLog'>;

/** Shows something that a run has left. */
export async function openOfRun(what: OpenedOfRun, runFolder: string): Promise<void> {
  const file = (name: string): vscode.Uri => vscode.Uri.file(join(runFolder, name));
  switch (what) {
    case 'revealStudent':
      await vscode.commands.executeCommand('revealInExplorer', file(runFiles.student));
      break;
    case 'openBaseline':
      await vscode.commands.executeCommand('vscode.open', file(runFiles.baseline), vscode.ViewColumn.Beside);
      break;
    case 'openReport':
      requireTrust();
      await openReport(runFolder);
      break;
    case 'openLog':
      await vscode.window.showTextDocument(file(TRAINER_LOG), { viewColumn: vscode.ViewColumn.Beside });
      break;
  }
}
