import * as vscode from 'vscode';
import { formatDuration, formatProgress } from '../../report/format.ts';
import type { StoredRun } from '../../launching/readRun.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import { nameOf } from './arrangeRuns.ts';

/** The item of the status bar that is there while something runs; it opens the run, or asks which. */
export class RunStatusBar {
  readonly #runs: Runs;
  #item: vscode.StatusBarItem | undefined;

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  refresh(): void {
    const running = this.#runs.all.filter(({ status }) => status.state === 'running');
    const [first] = running;
    if (!first) {
      this.#item?.hide();
      return;
    }
    this.#item ??= newItem();
    const others = running.length > 1 ? ` +${running.length - 1}` : '';
    const icon = this.#iconOf(running);
    this.#item.text = `${icon} ${nameOf(first)} ${formatProgress(first.status.progress)}${others}`;
    this.#item.tooltip = running.map((run) => this.#lineOf(run)).join('\n');
    this.#item.accessibilityInformation = { label: this.#item.tooltip, role: 'button' };
    const title = vscode.l10n.t('Open Run');
    this.#item.command = {
      command: 'distillery.openRun',
      title,
      arguments: running.length === 1 ? [{ kind: 'run', run: first }] : [],
    };
    this.#item.show();
  }

  dispose(): void {
    this.#item?.dispose();
  }

  #iconOf(running: readonly StoredRun[]): string {
    if (running.some(({ folder }) => this.#runs.isSilent(folder))) return '$(warning)';
    return running.every(({ status }) => status.paused === true) ? '$(debug-pause)' : '$(loading~spin)';
  }

  #lineOf(run: StoredRun): string {
    const { progress, secondsLeft, paused } = run.status;
    const facts = [
      `${nameOf(run)}: ${formatProgress(progress)}`,
      ...(paused === true ? [vscode.l10n.t('Paused')] : []),
      ...(secondsLeft === undefined ? [] : [vscode.l10n.t('about {0} left', formatDuration(secondsLeft))]),
      ...(this.#runs.isSilent(run.folder) ? [vscode.l10n.t('No sign of life for a minute')] : []),
    ];
    return facts.join(' · ');
  }
}

function newItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('distillery.running', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('Distillery: what runs');
  return item;
}
