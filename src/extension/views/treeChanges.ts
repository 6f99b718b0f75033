import * as vscode from 'vscode';

/** Has a view draw its tree anew; changes that come in one go are drawn once. */
export class TreeChanges {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly event = this.#changed.event;
  readonly #pauseMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param pauseMs how long further changes are waited for */
  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  /** Draws the view again, soon. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire(undefined);
    }, this.#pauseMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}
