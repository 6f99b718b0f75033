import { join } from 'node:path';
import * as vscode from 'vscode';
import { messageOf, type Problem } from '../../errors.ts';
import { ChangedFile } from '../../launching/changedFile.ts';
import type { QueueEntry } from '../../queue/queue.ts';
import { QUEUE_FILE, queueFolder } from '../../queue/queueFile.ts';
import { QueueTree } from '../views/queueTree.ts';
import { selectedIn } from '../views/selectedIn.ts';
import { firstFolder } from '../workspaceFolders.ts';
import { watchQueue } from '../watchFiles.ts';
import { QueueWork, type QueueWorkOptions } from './queueWork.ts';

/** How often it is looked whether another window or a terminal changed the queue, where no watcher of files told. */
const LOOK_MS = 2000;

/** The queue of the first workspace folder: its view, and the work on it. */
export interface OpenQueue extends vscode.Disposable {
  /** Draws the view anew, and begins to work the queue off if there is something to do. */
  readonly redraw: () => void;
  /** Begins to work the queue off if there is something to do and nobody else does. */
  readonly wake: () => void;
  /** What is selected in its view. */
  readonly selected: () => Promise<QueueEntry | undefined>;
  /** A run was refused. */
  readonly refuse: (folder: string, problems: readonly Problem[]) => void;
}

/** Shows the queue, and works it off while it is on and the folder is trusted. */
export function openQueue(options: Pick<QueueWorkOptions, 'runs' | 'searches' | 'onError'>): OpenQueue {
  const tree = new QueueTree(firstFolder);
  const view = vscode.window.createTreeView('distillery.queue', {
    treeDataProvider: tree,
    dragAndDropController: tree,
    canSelectMany: true,
  });
  const workspaceFolder = firstFolder();
  const work =
    workspaceFolder === undefined
      ? undefined
      : new QueueWork({ ...options, workspaceFolder, mayRun: () => vscode.workspace.isTrusted });
  const wake = (): void => {
    work?.wake();
  };
  const read = async (): Promise<void> => {
    try {
      await tree.refresh();
      delete view.message;
    } catch (error) {
      // What is shown is what was read last.
      const { translateFound } = await import('../../report/wording/foundSentences.ts');
      view.message = translateFound(messageOf(error), vscode.l10n.t);
      throw error;
    }
  };
  const redraw = (): void => {
    read().catch(options.onError);
    wake();
  };
  const file =
    workspaceFolder === undefined ? undefined : new ChangedFile(join(queueFolder(workspaceFolder), QUEUE_FILE));
  const look = async (): Promise<void> => {
    if ((await file?.look()) === true) redraw();
  };
  const looking = setInterval(() => {
    look().catch(options.onError);
  }, LOOK_MS);
  const registration = vscode.Disposable.from(
    tree,
    view,
    new vscode.Disposable(() => {
      clearInterval(looking);
    }),
    watchQueue(redraw),
    vscode.workspace.onDidGrantWorkspaceTrust(redraw),
  );
  return {
    redraw,
    wake,
    selected: async () => (await selectedIn(view))?.entry,
    refuse: (folder, problems) => {
      work?.refuse(folder, problems);
    },
    dispose: () => {
      registration.dispose();
      work?.dispose();
    },
  };
}
