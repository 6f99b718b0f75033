import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The only folder of the extension that a panel may load from. */
export function panelRoots(extensionUri: vscode.Uri): readonly vscode.Uri[] {
  return [vscode.Uri.joinPath(extensionUri, 'dist')];
}

/**
 * The page that loads the panel's program. Everything that is not named by the policy is forbidden.
 * @param program its name in `dist/`
 */
export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri, program = 'webview'): string {
  const nonce = randomBytes(16).toString('base64url');
  const asset = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name)).toString();
  const policy = [
    `default-src 'none'`,
    `img-src data:`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <!-- The toolkit tries a style rule out in an element of its own. -->
    <meta property="csp-nonce" content="${nonce}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${asset(`${program}.css`)}">
    <title>Distillery</title>
  </head>
  <body>
    <main id="panel"><p class="loading">${vscode.l10n.t('Loading…')}</p></main>
    <script nonce="${nonce}" src="${asset(`${program}.js`)}"></script>
  </body>
</html>`;
}
