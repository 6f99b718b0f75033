import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { DistilleryError } from '../../errors.ts';
import { asExperimentFile, EXPERIMENT_SUFFIX } from '../experiments/experimentFileName.ts';
import { toExperimentPath } from '../experiments/drafts.ts';
import { findModels } from '../experiments/experimentFiles.ts';
import type { Command } from '../explorer/runCommands.ts';
import type { Panels } from '../panel/panels.ts';
import { requireTrust } from '../requireTrust.ts';
import type { ExperimentDiagnostics } from './experimentDiagnostics.ts';
import { EXPERIMENT_LANGUAGE } from './experimentLanguage.ts';
import type { ExperimentFactsStore } from './factsStore.ts';

export interface ExperimentCommandServices {
  readonly panels: Panels;
  readonly facts: ExperimentFactsStore;
  readonly diagnostics: ExperimentDiagnostics;
  readonly log: vscode.LogOutputChannel;
}

/** The commands on experiment files as texts. They take the file's address, or the active editor's. */
export function experimentCommands({
  panels,
  facts,
  diagnostics,
}: ExperimentCommandServices): Readonly<Record<string, Command>> {
  return {
    'distillery.newExperiment': (target) => createExperiment(target instanceof vscode.Uri ? target : undefined),
    'distillery.runExperiment': async (target) => {
      requireTrust();
      const document = await savedDocument(target);
      if (!document) return;
      // What is known to be wrong is shown where it stands rather than in a run that does not begin.
      if (await diagnostics.isSound(document)) await panels.startFile(document.uri.fsPath);
      else await tellProblems(document);
    },
    'distillery.checkExperiment': async (target) => {
      requireTrust();
      const document = await savedDocument(target);
      if (!document) return;
      const isSound = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Opening models and data …') },
        () => diagnostics.checkWithData(document, true),
      );
      if (!isSound) await tellProblems(document);
      else if (facts.of(document)) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t('{0}: models and data fit together.', basename(document.uri.fsPath)),
        );
      }
    },
  };
}

async function savedDocument(target: unknown): Promise<vscode.TextDocument | undefined> {
  const document =
    target instanceof vscode.Uri
      ? await vscode.workspace.openTextDocument(target)
      : vscode.window.activeTextEditor?.document;
  if (document?.languageId !== EXPERIMENT_LANGUAGE) return undefined;
  return (await document.save()) ? document : undefined;
}

async function tellProblems({ uri }: vscode.TextDocument): Promise<void> {
  const show = vscode.l10n.t('Show Problems');
  const message = vscode.l10n.t('{0} cannot be run as it is.', basename(uri.fsPath));
  if ((await vscode.window.showErrorMessage(message, show)) === show) {
    await vscode.window.showTextDocument(uri);
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
}

/** Asks what the experiment begins as and where it is written, and opens it. */
async function createExperiment(folder: vscode.Uri | undefined): Promise<void> {
  const { experimentTemplates } = await import('../../experiment/templates.ts');
  const items = experimentTemplates(vscode.l10n.t).map((template) => ({
    label: template.title,
    detail: template.description,
    template,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('New Experiment'),
    placeHolder: vscode.l10n.t('What does it begin as?'),
    matchOnDetail: true,
  });
  if (!chosen) return;
  const directory = folder ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('New Experiment'),
    ...(directory && { defaultUri: vscode.Uri.file(join(directory.fsPath, `experiment${EXPERIMENT_SUFFIX}`)) }),
    filters: { [vscode.l10n.t('Distillery experiments')]: ['json'] },
  });
  if (!uri) return;
  const file = vscode.Uri.file(asExperimentFile(uri.fsPath));
  // The dialog asked about the file that was named there, which may be another.
  if (file.fsPath !== uri.fsPath && (await exists(file))) {
    throw new DistilleryError('BAD_INPUT', vscode.l10n.t('{0} is there already.', basename(file.fsPath)));
  }
  // The only model there is will be the one that is meant.
  const [model, ...others] = await findModels();
  const teacher =
    model !== undefined && others.length === 0
      ? { teacher: toExperimentPath(vscode.Uri.joinPath(file, '..').fsPath, model) }
      : {};
  await vscode.workspace.fs.writeFile(file, Buffer.from(chosen.template.write(teacher)));
  await vscode.window.showTextDocument(file);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
