import type { ModelPageMessage } from '../../src/protocol/modelView.ts';

/** How the person arranged the page of a model. */
interface KeptPage {
  readonly tab?: string;
}

interface HostApi {
  postMessage(message: ModelPageMessage): void;
  getState(): KeptPage | undefined;
  setState(state: KeptPage): void;
}

declare function acquireVsCodeApi(): HostApi;

const api = acquireVsCodeApi();

/** Sends a message to the extension host. */
export function ask(message: ModelPageMessage): void {
  api.postMessage(message);
}

export function keptTab(): string | undefined {
  return api.getState()?.tab;
}

export function keepTab(tab: string): void {
  api.setState({ tab });
}
