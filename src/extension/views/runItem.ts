import * as vscode from 'vscode';
import type { StoredRun } from '../../launching/readRun.ts';
import { describedItem } from './describedItem.ts';
import { describeRun } from './describeRun.ts';

/**
 * How a view shows a run.
 * @param isSilent whether it goes on without a sign of life
 * @param isInExperiment whether it stands below its experiment, which then needs no telling
 */
export function runItem(run: StoredRun, isSilent: boolean, isInExperiment: boolean): vscode.TreeItem {
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
