import type { ChosenTab } from './run/openingTab.ts';
import type { PanelMessage, PanelState } from '../src/protocol/panel.ts';

/** What is kept while the panel is hidden, and over a reload of the window. */
export interface KeptState {
  readonly panel?: PanelState;
  readonly ui: UiState;
}

/** How the person arranged the panel. */
export interface UiState {
  /** Sections that were opened or closed by hand, by id. */
  readonly sections: Readonly<Record<string, boolean>>;
  /** Charts whose data table is shown, by id. */
  readonly tables: readonly string[];
  /** Whether problems are shown at fields that were not touched, as they are from the first try to start. */
  readonly showsAllProblems: boolean;
  readonly tab?: ChosenTab;
  /** Whether every setting is shown, not only those that most people need. */
  readonly showsAllSettings?: boolean;
  /** What the x axis of charts counts. */
  readonly xAxis?: 'epoch' | 'step' | 'time';
  /** Weight of what came before in the curves' moving average, 0 to below 1. */
  readonly smoothing?: number;
  /** Charts with a logarithmic scale, by id. */
  readonly logarithmic?: readonly string[];
}

interface VsCodeApi {
  postMessage(message: PanelMessage): void;
  getState(): KeptState | undefined;
  setState(state: KeptState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();
let kept: KeptState = api.getState() ?? { ui: { sections: {}, tables: [], showsAllProblems: false } };

/** Sends a message to the extension host. */
export function post(message: PanelMessage): void {
  api.postMessage(message);
}

export function uiState(): UiState {
  return kept.ui;
}

export function keepUi(change: Partial<UiState>): void {
  kept = { ...kept, ui: { ...kept.ui, ...change } };
  api.setState(kept);
}

export function keepPanel(panel: PanelState): void {
  kept = { ...kept, panel };
  api.setState(kept);
}
