import * as vscode from 'vscode';
import { ToldTree, type TreeSource } from './toldTree.ts';

/** A view's tree, of which what changed is drawn anew; changes that come in one go are drawn once. */
export class TreeChanges<Node extends object> {
  readonly #changed = new vscode.EventEmitter<Node[] | undefined>();
  readonly event = this.#changed.event;
  readonly #tree: ToldTree<Node>;
  readonly #pauseMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param pauseMs how long further changes are waited for */
  constructor(source: Omit<TreeSource<Node>, 'lookOf'>, itemOf: (node: Node) => vscode.TreeItem, pauseMs: number) {
    this.#tree = new ToldTree({
      ...source,
      lookOf: (node) => {
        const { tooltip: _shownWhenAsked, ...seen } = itemOf(node);
        return JSON.stringify(seen);
      },
    });
    this.#pauseMs = pauseMs;
  }

  /** What the view is told to be below a node. */
  children(parent: Node | undefined): Node[] {
    return this.#tree.children(parent);
  }

  /** Draws again what is another now, soon. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const changed = this.#tree.changes();
      if (changed?.length !== 0) this.#changed.fire(changed);
    }, this.#pauseMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}
