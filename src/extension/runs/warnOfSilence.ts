import * as vscode from 'vscode';
import type { StoredRun } from '../../launching/readRun.ts';

/** Tells that a run gives no sign of life any more. What it stored last is kept whatever the person chooses. */
export async function warnOfSilence({ status }: StoredRun, stop: () => Promise<void>): Promise<void> {
  const stopIt = vscode.l10n.t('Stop Run');
  const message = vscode.l10n.t(
    "'{0}' has given no sign of life for a minute. It may be in a long step, or hang. If you stop it, it can be resumed from its last checkpoint.",
    status.name,
  );
  if ((await vscode.window.showWarningMessage(message, stopIt, vscode.l10n.t('Wait'))) === stopIt) await stop();
}
