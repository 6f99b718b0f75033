import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { DistilleryError } from '../../errors.ts';
import type { PanelMessage } from '../../protocol/panel.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { requireTrust } from '../requireTrust.ts';
import type { Reports } from '../runs/reports.ts';
import { TRAINER_LOG } from '../../launching/readRuns.ts';

/** What of a run a person can look at outside of its panel. */
export type OpenedOfRun = Extract<PanelMessage['kind'], 'revealStudent' | 'openBaseline' | 'openReport' | 'openLog'>;

/** Shows something that a run has left. @throws DistilleryError `FILE_NOT_FOUND` when its folder is gone */
export async function openOfRun(what: OpenedOfRun, runFolder: string, reports: Reports): Promise<void> {
  if (!existsSync(runFolder)) {
    throw new DistilleryError('FILE_NOT_FOUND', vscode.l10n.t("The folder of this run is gone: '{0}'.", runFolder), {
      hint: vscode.l10n.t('Put it back, or run the experiment again.'),
    });
  }
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
      await reports.open(runFolder);
      break;
    case 'openLog':
      await vscode.window.showTextDocument(file(TRAINER_LOG), { viewColumn: vscode.ViewColumn.Beside });
      break;
  }
}
