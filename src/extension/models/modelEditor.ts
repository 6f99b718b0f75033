import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';

/** As package.json names it. */
export const MODEL_EDITOR = 'distillery.model';

/** A model that is shown, and where its bytes lie on the disk. */
interface ModelDocument extends vscode.CustomDocument {
  readonly path: string;
  /** The file of the workspace that Git shows another version of. */
  readonly current: string | undefined;
}

/** Shows `.onnx` files. What is no file, such as Git's version of one, is written to a temporary one and compared with the file of today. */
export class ModelEditor implements vscode.CustomReadonlyEditorProvider<ModelDocument> {
  readonly #extensionUri: vscode.Uri;

  constructor(extensionUri: vscode.Uri) {
    this.#extensionUri = extensionUri;
  }

  async openCustomDocument(uri: vscode.Uri): Promise<ModelDocument> {
    if (uri.scheme === 'file') return { uri, path: uri.fsPath, current: undefined, dispose: () => undefined };
    const folder = await mkdtemp(join(tmpdir(), 'distillery-model-'));
    const path = join(folder, basename(uri.path));
    await writeFile(path, await vscode.workspace.fs.readFile(uri));
    const { currentVersion } = await import('./currentVersion.ts');
    return {
      uri,
      path,
      current: currentVersion(uri),
      dispose: () => void rm(folder, { recursive: true, force: true }),
    };
  }

  async resolveCustomEditor({ uri, path, current }: ModelDocument, panel: vscode.WebviewPanel): Promise<void> {
    const { ModelPage } = await import('./modelPage.ts');
    if (current !== undefined) {
      const question = { kind: 'compare', before: path, after: current } as const;
      new ModelPage(panel, { extensionUri: this.#extensionUri, question });
      return;
    }
    const isFile = uri.scheme === 'file';
    const question = { kind: 'describe', path } as const;
    const page = new ModelPage(panel, { extensionUri: this.#extensionUri, question, ...(isFile && { model: uri }) });
    if (!isFile) return;
    const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), basename(uri.path));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const refresh = (): void => {
      page.refresh();
    };
    watcher.onDidChange(refresh);
    watcher.onDidCreate(refresh);
    panel.onDidDispose(() => {
      watcher.dispose();
    });
  }
}
