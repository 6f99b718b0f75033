import * as vscode from 'vscode';
import { movedBefore, type Queue, type QueueEntry } from '../../queue/queue.ts';
import { changeQueue, queueFolder, readQueue } from '../../queue/queueFile.ts';
import { describedItem } from './describedItem.ts';
import { describeQueued, tellApart } from './describeQueued.ts';
import { openSelected } from './runItem.ts';
import { TreeChanges } from './treeChanges.ts';

/** An experiment that waits. */
export interface QueueNode {
  readonly kind: 'queued';
  readonly entry: QueueEntry;
}

const DRAGGED = 'application/vnd.code.tree.distillery.queue';
/** Changes that come in one go, such as the end of a run and the beginning of the next, are drawn once. */
const REDRAW_MS = 100;

/** The data of the view of the queue, whose order is changed by dragging. */
export class QueueTree implements vscode.TreeDataProvider<QueueNode>, vscode.TreeDragAndDropController<QueueNode> {
  readonly dropMimeTypes = [DRAGGED];
  readonly dragMimeTypes = [DRAGGED];
  readonly #changes = new TreeChanges<QueueNode>(
    { childrenOf: (node) => (node ? [] : this.#entries.map(queueNode)), idOf },
    (node) => this.getTreeItem(node),
    REDRAW_MS,
  );
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #workspaceFolder: () => string | undefined;
  #entries: readonly QueueEntry[] = [];
  #apart: ReturnType<typeof tellApart> = new Map();
  #reading: Promise<void> | undefined;

  constructor(workspaceFolder: () => string | undefined) {
    this.#workspaceFolder = workspaceFolder;
  }

  /**
   * Reads the queue again, and draws soon what is another now: an entry whose run begins is drawn alone, so that a click on it is not lost.
   * @throws DistilleryError when the queue cannot be read; the view shows what was read last
   */
  async refresh(): Promise<void> {
    // One after the other: what was read last is the newest.
    this.#reading = (this.#reading ?? Promise.resolve()).catch(() => undefined).then(() => this.#read());
    await this.#reading;
    this.#changes.refresh();
  }

  dispose(): void {
    this.#changes.dispose();
  }

  async getChildren(node?: QueueNode): Promise<QueueNode[]> {
    await (this.#reading ??= this.#read());
    return this.#changes.children(node);
  }

  getTreeItem(node: QueueNode): vscode.TreeItem {
    const { entry } = node;
    const described = describeQueued(entry, {
      now: Date.now(),
      locale: vscode.env.language,
      translate: vscode.l10n.t,
      apart: this.#apart.get(entry.id) ?? [],
    });
    const item = describedItem(described.label, idOf(node), described);
    item.tooltip = described.tooltip;
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
    await this.refresh();
  }

  async #read(): Promise<void> {
    const workspaceFolder = this.#workspaceFolder();
    if (workspaceFolder === undefined) return;
    const queue: Queue = await readQueue(queueFolder(workspaceFolder));
    this.#entries = queue.entries;
    this.#apart = tellApart(queue.entries, vscode.l10n.t);
    await vscode.commands.executeCommand('setContext', 'distillery.isQueueOn', queue.isOn);
  }
}

function queueNode(entry: QueueEntry): QueueNode {
  return { kind: 'queued', entry };
}

function idOf({ entry }: QueueNode): string {
  return `queued ${entry.id}`;
}
