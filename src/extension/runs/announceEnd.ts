import * as vscode from 'vscode';
import type { RunStatus } from '../../protocol/events.ts';
import { formatLoss, formatPercent } from '../../report/format.ts';
import type { StoredRun } from '../../launching/readRun.ts';

/** Shorter runs are watched. */
const LONG_MS = 60_000;

/**
 * Tells that a long run ended, in the report's own sentence, to a person who did other things meanwhile. What was stopped on purpose
 * is known.
 */
export async function announceEnd({ folder, status }: StoredRun, open: () => Promise<void>): Promise<void> {
  const milliseconds = Date.now() - Date.parse(status.startedAt);
  if (milliseconds < LONG_MS || status.state === 'cancelled') return;
  const show = vscode.l10n.t('Show');
  const answer =
    status.state === 'finished'
      ? await vscode.window.showInformationMessage(await finishedMessage(folder, status), show)
      : await vscode.window.showErrorMessage(await failedMessage(status), show);
  if (answer === show) await open();
}

async function finishedMessage(folder: string, status: RunStatus): Promise<string> {
  const [{ readReport }, { summaryText }, { writeText }] = await Promise.all([
    import('../../launching/readReport.ts'),
    import('../../report/wording/summaryText.ts'),
    import('../../report/wording/writeText.ts'),
  ]);
  const report = await readReport(folder);
  return report
    ? vscode.l10n.t("'{0}': {1}", status.name, writeText(summaryText(report), vscode.l10n.t))
    : qualityMessage(status);
}

/** What the status alone tells. */
function qualityMessage(status: RunStatus): string {
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

async function failedMessage({ name, problems }: RunStatus): Promise<string> {
  const [problem] = problems ?? [];
  if (!problem) return vscode.l10n.t("'{0}' was interrupted.", name);
  const { translateFound } = await import('../../report/wording/foundSentences.ts');
  return vscode.l10n.t("'{0}' failed: {1}", name, translateFound(problem.message, vscode.l10n.t));
}
