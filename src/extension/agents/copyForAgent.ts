import * as vscode from 'vscode';
import { DistilleryError, messageOf, type Problem } from '../../errors.ts';
import { readLogTail, readRunExperiment, readRunStatus } from '../../launching/readRuns.ts';
import type { noteForAgent } from '../../report/agentNote.ts';

/** How long it is told that something was copied. */
const TOLD_MS = 4000;

/** Puts what an agent needs about a run onto the clipboard: its state, problems, log, report and experiment. */
export async function copyRun(folder: string): Promise<void> {
  const { readReport } = await import('../../launching/readReport.ts');
  const [status, report, experiment] = await Promise.all([
    readRunStatus(folder),
    readReport(folder),
    readRunExperiment(folder),
  ]);
  const endedBadly = status?.state === 'failed' || status?.state === 'interrupted';
  await copy({
    title: `run '${status?.name ?? folder}'`,
    folder,
    state: status?.state,
    problems: status?.problems,
    log: endedBadly || !status ? await readLogTail(folder) : undefined,
    experiment,
    report,
  });
}

/** Puts what an agent needs about problems onto the clipboard. @param experiment what they are problems of */
export async function copyProblems(problems: readonly Problem[], experiment: unknown): Promise<void> {
  await copy({ title: 'an experiment with problems', problems, experiment });
}

/** Tells an error in the person's language, with a button that copies it for an agent, in English. */
export async function showError(error: unknown): Promise<void> {
  const { translateFound } = await import('../../report/wording/foundSentences.ts');
  const hint = error instanceof DistilleryError ? error.hint : undefined;
  // What the operating system refuses, it says in its own words: such as EACCES, where a folder takes no files.
  const { systemRefusal } = await import('../../platform/writingError.ts');
  const message = systemRefusal(error) ?? messageOf(error);
  const copyIt = vscode.l10n.t('Copy for Agent');
  const told = [message, ...(hint === undefined ? [] : [hint])].map((text) => translateFound(text, vscode.l10n.t));
  const answer = await vscode.window.showErrorMessage(told.join(' '), copyIt);
  if (answer !== copyIt) return;
  await copy({
    title: 'an error',
    problems: [{ where: 'Distillery', message, ...(hint !== undefined && { hint }) }],
  });
}

async function copy(about: Parameters<typeof noteForAgent>[0]): Promise<void> {
  const { noteForAgent } = await import('../../report/agentNote.ts');
  await vscode.env.clipboard.writeText(noteForAgent(about));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: paste it into the chat with your agent.'), TOLD_MS);
}
