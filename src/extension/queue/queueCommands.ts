import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { BadInputError } from '../../errors.ts';
import { baseDirectoryOf } from '../../launching/readRun.ts';
import type { ExperimentDraft } from '../../protocol/panel.ts';
import { added, movedBefore, without, type NewQueueEntry, type Queue, type QueueEntry } from '../../queue/queue.ts';
import { changeQueue, queueFolder, readQueue } from '../../queue/queueFile.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import type { Command } from '../explorer/runCommands.ts';
import { nameOf } from '../experiments/drafts.ts';
import { findExperimentFiles, readDraft } from '../experiments/experimentFiles.ts';
import { requireTrust } from '../requireTrust.ts';
import { askAtOnce } from '../search/askAtOnce.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import { tellApart } from '../views/describeQueued.ts';

export interface QueueServices {
  readonly runs: Runs;
  /** Folder whose queue it is; undefined where none is open. */
  readonly workspaceFolder: () => string | undefined;
  /** The queue is another one now. */
  readonly onChange: () => void;
}

/** The commands on the queue. */
export function queueCommands({ runs, workspaceFolder, onChange }: QueueServices): Readonly<Record<string, Command>> {
  const change = async (edit: (queue: Queue) => Queue): Promise<void> => {
    const folder = workspaceFolder();
    if (folder === undefined) return;
    await changeQueue(queueFolder(folder), edit);
    onChange();
  };
  const place = (by: -1 | 1) => async (target: unknown) => {
    const id = idOf(target) ?? (await pickEntry(workspaceFolder()));
    if (id !== undefined) await change((queue) => movedBy(queue, id, by));
  };
  const turn = (isOn: boolean) => async () => {
    if (isOn) requireTrust();
    await change((queue) => ({ ...queue, isOn }));
  };
  return {
    'distillery.addToQueue': async (target, selected) => {
      const targets = Array.isArray(selected) && selected.length > 1 ? selected : [target];
      for (const each of targets) {
        const entry = await entryOf(each, runs);
        if (entry) await change((queue) => added(queue, entry, new Date()));
      }
    },
    'distillery.addSearchToQueue': async (target) => {
      const entry = await entryOf(target, runs);
      if (!entry) return;
      refuseWithoutSpace(entry);
      const atOnce = await askAtOnce();
      if (atOnce !== undefined) await change((queue) => added(queue, { ...entry, search: { atOnce } }, new Date()));
    },
    'distillery.removeFromQueue': async (target, selected) => {
      const targets: readonly unknown[] = Array.isArray(selected) ? [target, ...(selected as unknown[])] : [target];
      const named = [...new Set(targets.map(idOf))].filter((id) => id !== undefined);
      const picked = named.length > 0 ? undefined : await pickEntry(workspaceFolder());
      const ids = picked === undefined ? named : [picked];
      await change((queue) =>
        ids.reduce(
          (left, id) => (left.entries.some((entry) => entry.id === id && isRunning(entry)) ? left : without(left, id)),
          queue,
        ),
      );
    },
    'distillery.moveUpInQueue': place(-1),
    'distillery.moveDownInQueue': place(1),
    'distillery.startQueue': turn(true),
    'distillery.pauseQueue': turn(false),
    'distillery.refreshQueue': onChange,
  };
}

/** One place up or down among those that wait. */
function movedBy(queue: Queue, id: number, by: -1 | 1): Queue {
  const { entries } = queue;
  const place = entries.findIndex((entry) => entry.id === id);
  const before = by < 0 ? entries[place - 1] : entries[place + 2];
  return by < 0 && !before ? queue : movedBefore(queue, [id], before?.id);
}

/**
 * The experiment that a command was called on: an experiment file, or a run, which is to run again; from the palette, one that the
 * person chooses.
 * @throws BadInputError when it cannot run as it is
 */
async function entryOf(target: unknown, runs: Runs): Promise<NewQueueEntry | undefined> {
  const run = runs.get(folderOf(target) ?? '');
  if (run) {
    const experiment = await readDraft(join(run.folder, runFiles.experiment));
    const baseDirectory = baseDirectoryOf(run.folder, run.status);
    return checked({ name: run.status.name, experiment, baseDirectory });
  }
  const file = fileOf(target) ?? (await pickFile());
  if (!file) return undefined;
  const draft: ExperimentDraft = await readDraft(file.fsPath);
  const name = nameOf(draft, file.fsPath) ?? 'experiment';
  return checked({ name, experiment: { ...draft, name }, baseDirectory: dirname(file.fsPath) });
}

function refuseWithoutSpace({ name, experiment }: NewQueueEntry): void {
  if (fieldOf(experiment, 'search') !== undefined) return;
  const message = vscode.l10n.t('has no section "search", so there is nothing to search');
  throw new BadInputError([{ where: name, message }]);
}

async function checked(entry: NewQueueEntry): Promise<NewQueueEntry> {
  const { parseExperiment } = await import('../../experiment/parseExperiment.ts');
  try {
    parseExperiment(entry.experiment);
    return entry;
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    const problems = error.problems.map(({ where, message }) => `${where}: ${message}`).join(' ');
    throw new BadInputError([{ where: entry.name, message: problems }]);
  }
}

async function pickFile(): Promise<vscode.Uri | undefined> {
  const files = await findExperimentFiles();
  const items = files.map(({ name, uri }) => ({ label: name, description: vscode.workspace.asRelativePath(uri), uri }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Add to Queue') }))?.uri;
}

async function pickEntry(folder: string | undefined): Promise<number | undefined> {
  if (folder === undefined) return undefined;
  const { entries } = await readQueue(queueFolder(folder));
  const apart = tellApart(entries, vscode.l10n.t);
  const items = entries.map(({ id, name }) => ({ label: name, description: apart.get(id)?.join(' · ') ?? '', id }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Queue') }))?.id;
}

function isRunning({ state }: QueueEntry): boolean {
  return state === 'running';
}

function idOf(target: unknown): number | undefined {
  const entry = fieldOf(target, 'entry');
  const id = fieldOf(entry, 'id');
  return typeof id === 'number' ? id : undefined;
}

function folderOf(target: unknown): string | undefined {
  const folder = fieldOf(fieldOf(target, 'run'), 'folder');
  return typeof folder === 'string' ? folder : undefined;
}

function fileOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  const file = fieldOf(target, 'file');
  return file instanceof vscode.Uri ? file : undefined;
}

/** Commands of view items are only ever called with the views' own nodes. */
function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
