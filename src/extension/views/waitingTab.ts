import * as vscode from 'vscode';
import type { KeptTabs } from './keptTabs.ts';

/** What a tab showed before the window was reloaded, and the tab. */
export interface WaitingTab<State> {
  readonly state: State;
  readonly tab: vscode.Tab;
}

/**
 * The tab that a reloaded window brought back, but has not shown since: VS Code tells nobody of such a tab, and nothing but a person can show
 * it. Who wants it shown opens another with its state, and closes it.
 *
 * @param kept the tabs of a kind; what is found waits no more
 * @param wanted the type of its webview, which state it has, and the titles of tabs that are shown
 */
export function takeWaitingTab<State>(
  kept: KeptTabs<State>,
  wanted: {
    readonly type: string;
    readonly isWanted: (state: State) => boolean;
    readonly shown: readonly string[];
  },
): WaitingTab<State> | undefined {
  const { type, isWanted, shown } = wanted;
  const waiting = kept.waiting().find(({ title, state }) => isWanted(state) && !shown.includes(title));
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  // Which of several with one title it is, nobody can tell.
  const [tab, ...others] = waiting ? tabs.filter((one) => isOfType(one, type) && one.label === waiting.title) : [];
  if (!waiting || others.length > 0) return undefined;
  const state = tab && kept.take(waiting.title, waiting.state);
  return tab && state !== undefined ? { state, tab } : undefined;
}

/** VS Code puts something before the type of a webview's tab. */
function isOfType({ input }: vscode.Tab, type: string): boolean {
  return input instanceof vscode.TabInputWebview && input.viewType.endsWith(type);
}
