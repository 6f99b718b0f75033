import * as vscode from 'vscode';
import type { StoredRun } from '../../launching/readRun.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import { describeRun } from '../views/describeRun.ts';
import { nameOf } from '../views/arrangeRuns.ts';

/** Which runs a command is for. */
export interface Wanted {
  readonly title: string;
  readonly isFit: (run: StoredRun) => boolean;
  /** Whether it takes several at once. */
  readonly isMany: boolean;
}

/**
 * The runs that a command is for: those of the view that it was called with, or, from the palette, those that the person chooses.
 *
 * @param target the view's item that was clicked
 * @param selected all items of the view that are selected, where it is one of them
 */
export async function chooseRuns(
  runs: Runs,
  { title, isFit, isMany }: Wanted,
  target: unknown,
  selected: unknown,
): Promise<readonly StoredRun[]> {
  const targets: readonly unknown[] = Array.isArray(selected) ? [target, ...(selected as unknown[])] : [target];
  const given = [...new Set(targets.map(folderOf))];
  const named = given.flatMap((folder) => (folder === undefined ? [] : [runs.get(folder)]));
  const fit = named.filter((run) => run !== undefined).filter(isFit);
  if (named.length > 0) return isMany ? fit : fit.slice(0, 1);
  const items = runs.all.filter(isFit).map((run) => itemOf(run));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no run for this command.'));
    return [];
  }
  const options = { title, matchOnDescription: true } as const;
  if (isMany) {
    const chosen = await vscode.window.showQuickPick(items, { ...options, canPickMany: true });
    return (chosen ?? []).map(({ run }) => run);
  }
  const chosen = await vscode.window.showQuickPick(items, options);
  return chosen ? [chosen.run] : [];
}

function itemOf(run: StoredRun): vscode.QuickPickItem & { readonly run: StoredRun } {
  const { status, details } = run;
  const options = {
    now: Date.now(),
    locale: vscode.env.language,
    isSilent: false,
    isInExperiment: true,
    translate: vscode.l10n.t,
  };
  const { label, description } = describeRun(status, { ...options, details });
  return { label: nameOf(run), description: label === nameOf(run) ? description : `${label} · ${description}`, run };
}

/** Commands of view items are only ever called with the view's own nodes. */
function folderOf(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null || !('run' in target)) return undefined;
  const { run } = target;
  return typeof run === 'object' && run !== null && 'folder' in run && typeof run.folder === 'string'
    ? run.folder
    : undefined;
}
