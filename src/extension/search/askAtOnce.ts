import { cpus } from 'node:os';
import * as vscode from 'vscode';

/** Trials at once that a person chooses from; no more than there are cores. */
const AT_ONCE = [1, 2, 4, 8, 16];

/** How many trials are trained at once; 1 where there is one core. Undefined where the person thinks better of it. */
export async function askAtOnce(): Promise<number | undefined> {
  const cores = cpus().length;
  const offered = AT_ONCE.filter((count) => count <= cores);
  if (offered.length < 2) return 1;
  const items = offered.map((count) => ({
    label: count === 1 ? vscode.l10n.t('One trial after the other') : vscode.l10n.t('{0} trials at once', count),
    ...(count > 1 && { description: vscode.l10n.t('each with its share of the {0} cores', cores) }),
    count,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Search for the Best Student'),
    placeHolder: vscode.l10n.t('How many trials at once? The search keeps to it when it is resumed.'),
  });
  return chosen?.count;
}
