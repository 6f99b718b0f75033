/**
 * A page that needs nothing else, which keeps as a webview the folders that it shows, so that its tab is found again after a reload.
 * @param nonce allows the one script that does it
 */
export function keepingFolders(page: string, folders: readonly string[], nonce: string): string {
  // Nothing in a path may end the script.
  const state = JSON.stringify({ folders }).replaceAll('<', String.raw`\u003c`);
  const script = `<script nonce="${nonce}">acquireVsCodeApi().setState(${state});</script>`;
  return page
    .replace(`content="default-src 'none';`, () => `content="default-src 'none'; script-src 'nonce-${nonce}';`)
    .replace('</body>', () => `${script}</body>`);
}
