import * as vscode from 'vscode';
import { DistilleryError } from '../../errors.ts';
import type { QueueEntry } from '../../queue/queue.ts';
import { holderOf, queueFolder } from '../../queue/queueFile.ts';
import type { Panels } from '../panel/panels.ts';
import type { Runs } from '../runs/runSupervisor.ts';
import type { SearchPages } from '../search/searchPages.ts';
import { whenBegun } from './whenBegun.ts';

interface OpeningServices {
  readonly workspaceFolder: string;
  readonly runs: Pick<Runs, 'all'>;
  readonly panels: Pick<Panels, 'openRun'>;
  readonly searchPages: Pick<SearchPages, 'open'>;
}

/**
 * Opens the run or search of an entry of the queue, which may be about to begin.
 * @throws DistilleryError when it does not begin, which says why
 */
export async function openQueued(entry: QueueEntry, services: OpeningServices): Promise<void> {
  const { workspaceFolder, panels, searchPages } = services;
  const { run: folder, name } = entry;
  if (folder === undefined) return;
  if (entry.search) {
    searchPages.open({ folder, name });
    return;
  }
  const queue = queueFolder(workspaceFolder);
  // The line that moves at the head of the view.
  const begun = await vscode.window.withProgress({ location: { viewId: 'distillery.queue' } }, () =>
    whenBegun(queue, entry),
  );
  switch (begun.kind) {
    case 'begun':
      await panels.openRun(folder);
      return;
    case 'gone':
      throw new DistilleryError('BAD_INPUT', vscode.l10n.t("'{0}' is not in the queue any more.", name));
    case 'refused':
      throw new DistilleryError('BAD_INPUT', begun.problem ?? vscode.l10n.t("'{0}' was refused.", name));
    case 'late':
      throw new DistilleryError('BAD_INPUT', reasonOfDelay(entry, queue, services));
  }
}

function reasonOfDelay({ name, run }: QueueEntry, queue: string, { runs }: OpeningServices): string {
  if (holderOf(queue) === undefined) {
    return vscode.l10n.t("'{0}' has not begun, because nobody works the queue off: start the queue.", name);
  }
  const other = runs.all.find(({ status, folder }) => status.state === 'running' && folder !== run);
  return other
    ? vscode.l10n.t("'{0}' has not begun: it waits until '{1}' has ended.", name, other.status.name)
    : vscode.l10n.t("'{0}' has not begun yet: open it again in a while.", name);
}
