import * as vscode from 'vscode';
import { requireTrust } from '../requireTrust.ts';
import type { Searches } from './searches.ts';

/** Goes on with a search, and tells that it takes a while until it does. */
export async function resumeSearch(searches: Searches, folder: string): Promise<void> {
  requireTrust();
  const isUnderWay = await whileChecking(() => searches.resume(folder));
  if (!isUnderWay) tellChecking();
}

/** Shows that something is being checked for as long as it is. */
export function whileChecking<Result>(work: () => Promise<Result>): Promise<Result> {
  const title = vscode.l10n.t('Checking what the search needs …');
  return Promise.resolve(
    vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () => work()),
  );
}

/** Tells that a search has not begun yet, though its process is at it. */
export function tellChecking(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t('The models and data of the search are still being opened. It is listed as soon as it has begun.'),
  );
}
