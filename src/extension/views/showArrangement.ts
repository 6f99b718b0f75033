import * as vscode from 'vscode';
import type { Runs } from '../runs/runSupervisor.ts';
import { matching, type Arrangement } from './arrangeRuns.ts';

/** Shows above the view what is searched for, and on its icon how much runs. */
export function showArrangement(view: vscode.TreeView<unknown>, runs: Runs, { search }: Arrangement): void {
  const found = search === '' ? 0 : matching(runs.all, search).length;
  // Where nothing is found the empty view says so, with the way out; above a message it would not be shown.
  view.message = found === 0 ? '' : vscode.l10n.t("{0} of {1} runs match '{2}'.", found, runs.all.length, search);
  const running = runs.all.filter((run) => run.status.state === 'running').length;
  view.badge = running === 0 ? undefined : { value: running, tooltip: vscode.l10n.t('{0} running', running) };
}
