import * as vscode from 'vscode';
import type { StoredRun } from '../../launching/readRun.ts';
import { describedItem } from './describedItem.ts';
import { describeRun } from './describeRun.ts';

/** A view that lists runs. */
export type ListingView = 'experiments' | 'models';

/** Where and how a run stands in a view. */
interface Standing {
  /** Whether it goes on without a sign of life. */
  readonly isSilent: boolean;
  readonly view: ListingView;
  /** Whether it stands below its experiment, which then needs no telling. */
  readonly isInExperiment: boolean;
}

/** How a view shows a run. */
export function runItem(run: StoredRun, { view, isSilent, isInExperiment }: Standing): vscode.TreeItem {
  const described = describeRun(run.status, {
    now: Date.now(),
    locale: vscode.env.language,
    details: run.details,
    isSilent,
    isInExperiment,
    translate: vscode.l10n.t,
  });
  const item = describedItem(described.label, `run ${run.folder}`, described);
  item.tooltip = new vscode.MarkdownString(described.tooltip, true);
  item.command = openSelected(view, vscode.l10n.t('Open Run'));
  return item;
}

/**
 * Opens what is selected in a view, which is what was clicked. A command with arguments is another one whenever its item is drawn anew, as that
 * of a run that goes on is all the time, and VS Code refuses the former one to who clicked a moment ago.
 */
export function openSelected(view: ListingView | 'queue', title: string): vscode.Command {
  return { command: `distillery.openSelected.${view}`, title };
}

/** How many runs there are, in words. */
export function runsText(runs: number): string {
  return runs === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', runs);
}
