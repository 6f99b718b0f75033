import type { Memento } from 'vscode';
import * as z from 'zod';

/** Tabs that a window remembers of earlier ones; those that are never shown again would pile up. */
const MOST = 50;

/** A tab that is open: its title, and what it shows at the moment. */
export interface OpenTab<State> {
  readonly title: string;
  readonly state: State;
}

/** One kind of tab. */
export interface TabKind<State> {
  /** Where the window keeps what its tabs show; of its own for each kind. */
  readonly key: string;
  readonly stateSchema: z.ZodType<State>;
  /** Whether two states are of one tab, of which one may be older. */
  readonly isSameTab: (state: State, other: State) => boolean;
}

/**
 * What the tabs of a workspace show, kept by the window: what a webview keeps itself is written when its window closes, and in a browser not
 * even then.
 */
export class KeptTabs<State> {
  readonly #memory: Pick<Memento, 'get' | 'update'>;
  readonly #kind: TabKind<State>;
  /** Tabs of earlier windows that have not been shown again yet, the oldest first. */
  readonly #earlier: OpenTab<State>[];
  readonly #open = new Set<OpenTab<State>>();

  constructor(memory: Pick<Memento, 'get' | 'update'>, kind: TabKind<State>) {
    this.#memory = memory;
    this.#kind = kind;
    const stored = z.array(z.object({ title: z.string(), state: kind.stateSchema }));
    this.#earlier = stored.safeParse(memory.get(kind.key)).data ?? [];
  }

  /** Remembers a tab that is open. @returns what is to be called when it was closed */
  remember(tab: OpenTab<State>): () => void {
    this.#open.add(tab);
    this.write();
    // A tab that closes is not forgotten at once: a window that is reloaded closes all of them.
    return () => this.#open.delete(tab);
  }

  /** Writes what all open tabs show now, beside those that wait to be shown. */
  write(): void {
    const open = [...this.#open].map(({ title, state }) => ({ title, state }));
    void this.#memory.update(this.#kind.key, [...this.#earlier, ...open].slice(-MOST));
  }

  /** The titles and states of tabs of earlier windows that have not been shown again yet, the newest first. */
  waiting(): readonly OpenTab<State>[] {
    return this.#earlier.toReversed();
  }

  /**
   * The last state of a tab that an earlier window had open; undefined where nobody knows it.
   *
   * @param title of the tab
   * @param kept what its webview kept, which may be older or nothing
   */
  take(title: string, kept: State | undefined): State | undefined {
    const isIt = (tab: OpenTab<State>): boolean =>
      kept === undefined ? tab.title === title : this.#kind.isSameTab(tab.state, kept);
    const index = this.#earlier.findLastIndex(isIt);
    const [found] = index < 0 ? [] : this.#earlier.splice(index, 1);
    return found?.state ?? kept;
  }
}
