import * as vscode from 'vscode';
import type { StoredSearch } from '../../launching/readSearches.ts';

/** Tells that a search ended while the person did other things. What was stopped on purpose is known. */
export async function announceSearchEnd(
  { name, state, done, mostTrials }: StoredSearch,
  open: () => void,
): Promise<void> {
  if (state !== 'finished' && state !== 'interrupted') return;
  const show = vscode.l10n.t('Show');
  const answer =
    state === 'finished'
      ? await vscode.window.showInformationMessage(
          vscode.l10n.t("The search '{0}' is finished: {1} trials.", name, done),
          show,
        )
      : await vscode.window.showErrorMessage(
          vscode.l10n.t("The search '{0}' was interrupted after {1} of {2} trials.", name, done, mostTrials),
          show,
        );
  if (answer === show) open();
}
