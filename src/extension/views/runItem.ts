import * as vscode from 'vscode';
import type { StoredRun } from '../../launching/readRun.ts';
import { describedItem } from './describedItem.ts';
import { describeRun } from './describeRun.ts';

/** Where and how a run stands in a view. */
interface Standing {
  /** Whether it goes on without a sign of life. */
  readonly isSilent: boolean;
  /** Whether it stands below its experiment, which then needs no telling. */
  readonly isInExperiment: boolean;
}

/** How a view shows a run. */
export function runItem(run: StoredRun, { isSilent, isInExperiment }: Standing): vscode.TreeItem {
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
  item.command = {
    command: 'distillery.openRun',
    title: vscode.l10n.t('Open Run'),
    arguments: [{ kind: 'run', run }],
  };
  return item;
}

/** How many runs there are, in words. */
export function runsText(runs: number): string {
  return runs === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', runs);
}
