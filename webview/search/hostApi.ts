import type { SearchPageMessage } from '../../src/protocol/searchPage.ts';

interface HostApi {
  postMessage(message: SearchPageMessage): void;
  setState(state: { readonly folders: readonly string[] }): void;
}

declare function acquireVsCodeApi(): HostApi;

const api = acquireVsCodeApi();

/** Sends a message to the extension host. */
export function ask(message: SearchPageMessage): void {
  api.postMessage(message);
}

/** Keeps which search it is, so that the tab is found again after a reload. */
export function keepFolder(folder: string): void {
  api.setState({ folders: [folder] });
}
