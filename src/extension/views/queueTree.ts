import * as vscode from 'vscode';
import { movedBefore, type QueueEntry } from '../../queue/queue.ts';
import { changeQueue, queueFolder, readQueue } from '../../queue/queueFile.ts';
import { relativeTime } from './describeRun.ts';
import { openSelected } from './runItem.ts';

/** An experiment that waits. */
export interface QueueNode {
  readonly kind: 'queued';
  readonly entry: QueueEntry;
}

const DRAGGED = 'application/vnd.code.tree.distillery.queue';

/** The data of the view of the queue, whose order is changed by dragging. */
export class QueueTree implements vscode.TreeDataProvider<QueueNode>, vscode.TreeDragAndDropController<QueueNode> {
  readonly dropMimeTypes = [DRAGGED];
  readonly dragMimeTypes = [DRAGGED];
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #workspaceFolder: () => string | undefined;

  constructor(workspaceFolder: () => string | undefined) {
    this.#workspaceFolder = workspaceFolder;
  }

  /** Draws the view again. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async getChildren(node?: QueueNode): Promise<QueueNode[]> {
    const workspaceFolder = this.#workspaceFolder();
    if (node || workspaceFolder === undefined) return [];
    const queue = await readQueue(queueFolder(workspaceFolder));
    await vscode.commands.executeCommand('setContext', 'distillery.isQueueOn', queue.isOn);
    return queue.entries.map((entry) => ({ kind: 'queued', entry }));
  }

  getTreeItem({ entry }: QueueNode): vscode.TreeItem {
    const item = new vscode.TreeItem(entry.name);
    const added = relativeTime(Date.parse(entry.addedAt), Date.now(), vscode.env.language);
    item.id = `queued ${entry.id}`;
    item.iconPath = new vscode.ThemeIcon(iconOf(entry));
    item.contextValue = `queued.${entry.state}`;
    const facts = [...(entry.search ? [vscode.l10n.t('Search')] : []), stateText(entry), entry.problem ?? added];
    item.description = facts.join(' · ');
    item.accessibilityInformation = { label: [entry.name, ...facts].join(', ') };
    // What waits has no run yet that could be opened.
    if (entry.run !== undefined)
      item.command = openSelected('queue', entry.search ? vscode.l10n.t('Open Search') : vscode.l10n.t('Open Run'));
    return item;
  }

  handleDrag(nodes: readonly QueueNode[], data: vscode.DataTransfer): void {
    data.set(DRAGGED, new vscode.DataTransferItem(nodes.map(({ entry }) => entry.id)));
  }

  /** What was dragged comes before the one that it is dropped on, or to the end. */
  async handleDrop(target: QueueNode | undefined, data: vscode.DataTransfer): Promise<void> {
    const value: unknown = data.get(DRAGGED)?.value;
    const ids = Array.isArray(value) ? value.filter((id) => typeof id === 'number') : [];
    const workspaceFolder = this.#workspaceFolder();
    if (ids.length === 0 || workspaceFolder === undefined) return;
    await changeQueue(queueFolder(workspaceFolder), (queue) => movedBefore(queue, ids, target?.entry.id));
    this.refresh();
  }
}

function stateText({ state }: QueueEntry): string {
  switch (state) {
    case 'waiting':
      return vscode.l10n.t('Waiting');
    case 'running':
      return vscode.l10n.t('Running');
    case 'refused':
      return vscode.l10n.t('Refused');
  }
}

function iconOf({ state }: QueueEntry): string {
  switch (state) {
    case 'waiting':
      return 'clock';
    case 'running':
      return 'loading~spin';
    case 'refused':
      return 'error';
  }
}
