import { join } from 'node:path';
import * as vscode from 'vscode';
import { runFiles } from '../../runFolder/runFolder.ts';
import { copyRun } from '../agents/copyForAgent.ts';
import { readDraft } from '../experiments/experimentFiles.ts';
import type { Panels } from '../panel/panels.ts';
import { workspaceFolderOf } from '../panel/workspace.ts';
import { requireTrust } from '../requireTrust.ts';
import type { Reports } from '../runs/reports.ts';
import { baseDirectoryOf, type StoredRun } from '../../launching/readRun.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import { nameOf } from '../views/arrangeRuns.ts';
import { chooseRuns, type Wanted } from './chooseRuns.ts';
import { deleteRuns } from './deleteRuns.ts';
import { exportRun } from './exportRun.ts';

/** What a command does, with the view's item that it was called with and all that are selected. */
export type Command = (target?: unknown, selected?: unknown) => unknown;

/** The commands on runs. From the palette they ask which. */
export function runCommands(runs: Runs, panels: Panels, reports: Reports): Readonly<Record<string, Command>> {
  const one =
    (title: string, isFit: (run: StoredRun) => boolean, work: (run: StoredRun) => unknown): Command =>
    async (target) => {
      for (const run of await chooseRuns(runs, { title, isFit, isMany: false }, target, undefined)) await work(run);
    };
  const many =
    (wanted: Omit<Wanted, 'isMany'>, work: (chosen: readonly StoredRun[]) => unknown): Command =>
    async (target, selected) => {
      const chosen = await chooseRuns(runs, { ...wanted, isMany: true }, target, selected);
      if (chosen.length > 0) await work(chosen);
    };
  const star = (starred: boolean) => async (chosen: readonly StoredRun[]) => {
    for (const { folder } of chosen) await runs.mark(folder, { starred });
  };
  const t = vscode.l10n.t;
  return {
    'distillery.openRun': one(t('Open Run'), isAny, ({ folder }) => panels.openRun(folder)),
    'distillery.stopRun': one(t('Stop Run'), isRunning, ({ folder }) => runs.stop(folder)),
    'distillery.resumeRun': one(t('Resume Run'), isResumable, async ({ folder }) => {
      requireTrust();
      await runs.resume(folder);
      await panels.openRun(folder);
    }),
    'distillery.runAgain': one(t('Run Again'), isAny, async (run) => {
      requireTrust();
      await panels.openRun(await runAgain(runs, run));
    }),
    'distillery.duplicateExperiment': one(t('Duplicate as a New Experiment'), isAny, async (run) => {
      const draft = await readDraft(join(run.folder, runFiles.experiment));
      panels.openDraft({ ...draft, name: t('{0} copy', run.status.name) }, baseDirectoryOf(run.folder, run.status));
    }),
    'distillery.renameRun': one(t('Rename Run'), isAny, async (run) => {
      const name = await vscode.window.showInputBox({
        title: t('Rename Run'),
        prompt: t('Kept in the run folder; leave it empty for the name of the experiment.'),
        value: nameOf(run),
      });
      if (name !== undefined) await runs.mark(run.folder, { name: name === run.status.name ? undefined : name });
    }),
    'distillery.noteRun': one(t('Note on Run'), isAny, async (run) => {
      const note = await vscode.window.showInputBox({
        title: t('Note on Run'),
        prompt: t('Kept in the run folder; leave it empty to take the note away.'),
        value: run.details.marks.note ?? '',
      });
      if (note !== undefined) await runs.mark(run.folder, { note });
    }),
    'distillery.starRun': many({ title: t('Star Run'), isFit: (run) => !isStarred(run) }, star(true)),
    'distillery.unstarRun': many({ title: t('Unstar Run'), isFit: isStarred }, star(false)),
    'distillery.deleteRun': many({ title: t('Delete Run'), isFit: isAny }, (chosen) => deleteRuns(runs, chosen)),
    'distillery.exportRun': one(t('Export Run'), isAny, exportRun),
    'distillery.copyForAgent': one(t('Copy for Agent'), isAny, ({ folder }) => copyRun(folder)),
    'distillery.revealStudent': one(
      t('Reveal Student in Explorer'),
      ({ details }) => details.hasStudent,
      ({ folder }) =>
        vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(join(folder, runFiles.student))),
    ),
    'distillery.openReport': one(
      t('Open Report File'),
      ({ details }) => details.hasReport,
      async ({ folder }) => {
        requireTrust();
        await reports.open(folder);
      },
    ),
  };
}

/** Starts the same experiment once more and returns the folder of the new run. */
async function runAgain(runs: Runs, run: StoredRun): Promise<string> {
  const baseDirectory = baseDirectoryOf(run.folder, run.status);
  const workspaceFolder = workspaceFolderOf(run.folder) ?? baseDirectory;
  const experiment = await readDraft(join(run.folder, runFiles.experiment));
  return runs.start({ experiment, name: run.status.name, baseDirectory, workspaceFolder });
}

function isAny(): boolean {
  return true;
}

function isRunning({ status }: StoredRun): boolean {
  return status.state === 'running';
}

function isResumable(run: StoredRun): boolean {
  return run.details.isResumable && !isRunning(run);
}

function isStarred({ details }: StoredRun): boolean {
  return details.marks.starred === true;
}
