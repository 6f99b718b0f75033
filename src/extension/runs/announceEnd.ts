import * as vscode from 'vscode';
import type { RunStatus } from '../../protocol/events.ts';
import { formatLoss, formatPercent } from '../../protocol/format.ts';
import type { StoredRun } from './readRuns.ts';

/** Shorter runs are watched. */
const LONG_MS = 60_000;

/** Tells that a long run ended, to a person who did other things meanwhile. What was stopped on purpose is known. */
export async function announceEnd({ status }: StoredRun, open: () => Promise<void>): Promise<void> {
  const milliseconds = Date.now() - Date.parse(status.startedAt);
  if (milliseconds < LONG_MS || status.state === 'cancelled') return;
  const show = vscode.l10n.t('Show');
  const answer =
    status.state === 'finished'
      ? await vscode.window.showInformationMessage(finishedMessage(status), show)
      : await vscode.window.showErrorMessage(failedMessage(status), show);
  if (answer === show) await open();
}

function finishedMessage(status: RunStatus): string {
  const { name, accuracy, teacherAccuracy, loss, teacherLoss } = status;
  if (accuracy !== undefined) {
    const student = formatPercent(accuracy);
    if (teacherAccuracy === undefined) return vscode.l10n.t("'{0}' finished: the student reaches {1}.", name, student);
    const teacher = formatPercent(teacherAccuracy);
    return vscode.l10n.t("'{0}' finished: the student reaches {1}, the teacher {2}.", name, student, teacher);
  }
  if (loss === undefined) return vscode.l10n.t("'{0}' finished.", name);
  const student = formatLoss(loss);
  if (teacherLoss === undefined) return vscode.l10n.t("'{0}' finished: the student's loss is {1}.", name, student);
  const teacher = formatLoss(teacherLoss);
  return vscode.l10n.t("'{0}' finished: the student's loss is {1}, the teacher's {2}.", name, student, teacher);
}

function failedMessage({ name, problems }: RunStatus): string {
  const [problem] = problems ?? [];
  return problem
    ? vscode.l10n.t("'{0}' failed: {1}", name, problem.message)
    : vscode.l10n.t("'{0}' was interrupted.", name);
}
